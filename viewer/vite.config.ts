import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** What the program puts its data into; the page must have it exactly once. */
const DATA = '<script type="application/json" id="data"></script>';

/** Puts scripts and styles into the page itself, so that it is one file, and writes the same file once more as .gz. */
function oneFile(): Plugin {
  let folder = "dist";
  return {
    name: "one-file",
    enforce: "post",
    configResolved(config) {
      folder = config.build.outDir;
    },
    generateBundle(_options, bundle) {
      const page = bundle["page.html"];
      if (page?.type !== "asset") throw new Error("there is no page.html");
      let html = String(page.source);
      for (const [name, file] of Object.entries(bundle)) {
        if (file === page) continue;
        // A script ends at the first "</script", wherever it stands.
        if (file.type === "chunk") html = replaceTag(html, new RegExp(`<script[^>]*src="[^"]*${name}"[^>]*></script>`),
          "", `<script type="module">${file.code.replaceAll("</script", "<\\/script")}</script>\n</body>`);
        else html = replaceTag(html, new RegExp(`<link[^>]*href="[^"]*${name}"[^>]*>`), `<style>${String(file.source)}</style>`, "");
        delete bundle[name];
      }
      if (html.split(DATA).length !== 2) throw new Error("the place of the data is not there once");
      page.source = html;
    },
    closeBundle() {
      const page = readFileSync(join(folder, "page.html"));
      const packed = gzipSync(page, { level: 9 });
      packed[9] = 255; // The header says no operating system, so that each one writes the same bytes.
      writeFileSync(join(folder, "page.html.gz"), packed);
    },
  };
}

/** Replaces the tag of a file by its text. A script goes to the end of the body, behind the data that it reads. */
function replaceTag(html: string, tag: RegExp, inPlace: string, atEnd: string): string {
  if (!tag.test(html)) throw new Error(`no tag ${tag}`);
  const replaced = html.replace(tag, () => inPlace);
  return atEnd === "" ? replaced : replaced.replace("</body>", () => atEnd);
}

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    rollupOptions: { input: "page.html" },
  },
  plugins: [oneFile()],
});
