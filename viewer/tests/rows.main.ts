// `npm run rows`: writes the rows of the tests and of the gallery, as the program gives them.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

import { GALLERY, KINDS, PAGE, recipe } from "./gallery";
import { dataOf, program } from "./program";

const sos = program();
if (sos === null) throw new Error("no program: build it with cargo build --release, or set SOS");
mkdirSync("tests/rows", { recursive: true });
for (const [env, { index }] of Object.entries(GALLERY)) writeFileSync(`tests/rows/${env}.json`, `${JSON.stringify(dataOf(sos, recipe(env), index).rows[0])}\n`);
const { about, rows } = dataOf(sos, KINDS, 0);
writeFileSync("tests/rows/kinds.json", `${JSON.stringify({ about, rows, stats: null })}\n`);
// The page of the README.
const page = dataOf(sos, readFileSync(PAGE.recipe, "utf8"), PAGE.index, ["--split", "train"]);
writeFileSync("tests/rows/page.json", `${JSON.stringify({ about: { ...page.about, name: "sudoku.toml" }, rows: page.rows, stats: null })}\n`);
// What each environment is about, for the gallery.
const list = JSON.parse(spawnSync(sos, ["list", "environments", "--json"], { encoding: "utf8" }).stdout) as { environments: { name: string; help: string }[] };
writeFileSync("tests/rows/environments.json", `${JSON.stringify(Object.fromEntries(list.environments.map(({ name, help }) => [name, help])), null, 1)}\n`);
