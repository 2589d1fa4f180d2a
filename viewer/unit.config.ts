// Builds tests for Node's own test runner: the unit tests `src/**/*.test.ts` (`npm run unit`), or with `--mode tests` those in a browser, `tests/*.test.ts`
// (`npm run browser`), and the programs beside them.
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { defineConfig } from "vite";

export default defineConfig(({ mode }) => {
  const folder = mode === "tests" ? "tests" : "src";
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => /\.(test|main)\.ts$/.test(file));
  return {
    build: {
      ssr: true,
      target: "node20",
      outDir: mode === "tests" ? ".built/browser" : ".built/unit",
      emptyOutDir: true,
      rollupOptions: { input: Object.fromEntries(files.map((file) => [basename(file, ".ts"), `${folder}/${file}`])) },
    },
  };
});
