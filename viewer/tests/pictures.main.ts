// `npm run pictures`: draws the pictures of the docs and writes docs/gallery.md. The tests compare the page's drawings with these pictures.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { close, end, open, type Data } from "./browser";
import { draw, openAll, rowOf } from "./drawn";
import { GALLERY } from "./gallery";
import { small } from "./png";

/** Characters of a trace in the gallery; of longer ones the beginning. */
const MOST = 700;
const COLUMNS = 150;

mkdirSync("../docs/gallery", { recursive: true });
const helps = JSON.parse(readFileSync("tests/rows/environments.json", "utf8")) as Record<string, string>;
const page = await openAll();
const parts: string[] = [];
for (const env of Object.keys(GALLERY)) {
  const picture = small(await draw(page, env), 32);
  writeFileSync(`../docs/gallery/${env}.png`, picture);
  const { puzzle, search, texts } = rowOf(env);
  const { prompt, text } = texts[0];
  parts.push(`## ${env}`, `${helps[env][0].toUpperCase()}${helps[env].slice(1)} (search: \`${search}\`).`, `![${env}: the puzzle at a step of the trace below](gallery/${env}.png)`, `\`\`\`text\n${wrapped(prompt.trim())}\n\n${wrapped(text)}\n\`\`\``);
  if (puzzle === null) throw new Error(`${env}: no puzzle`);
}
await close(page);

// The page of the README: a guess of a sudoku that failed.
const whole = await open(JSON.parse(readFileSync("tests/rows/page.json", "utf8")) as Data, { hash: "#/row?config=search&split=train", width: 1400, height: 860 });
await whole.keyboard.press("d");
await whole.waitForTimeout(500);
writeFileSync("../docs/gallery/page.png", small(await whole.screenshot({ animations: "disabled" }), 64));
await close(whole);
await end();

writeFileSync("../docs/gallery.md", [
  "# Gallery",
  "One picture and one short trace for each environment, as [`sos view`](view.md) shows them: the state at a step of the trace. Prompt and trace are in the dialect `compact`; long traces are cut at `…`.",
  "This page and its pictures are made by `npm run pictures` in `viewer/`, and the tests compare the drawings with them.",
  Object.keys(GALLERY).map((env) => `[${env}](#${env})`).join(" · "),
  ...parts, "",
].join("\n\n").trimEnd() + "\n");

/** A text in lines, cut where it is long. */
function wrapped(text: string): string {
  const cut = text.length > MOST ? `${text.slice(0, text.lastIndexOf(" ", MOST))} …` : text;
  const lines: string[] = [];
  for (let rest of cut.split("\n")) {
    while (rest.length > COLUMNS) {
      const at = rest.lastIndexOf(" ", COLUMNS);
      lines.push(rest.slice(0, at));
      rest = rest.slice(at + 1);
    }
    lines.push(rest);
  }
  return lines.join("\n");
}
