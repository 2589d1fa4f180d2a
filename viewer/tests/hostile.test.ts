// Rows that were made to break the page: what they say is shown as text, and nothing of it runs.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Page } from "playwright-core";

import type { LookedAtRow, Trace } from "../src/types";
import { about, close, end, open, problems } from "./browser";
import { largeRow, textRow } from "./synthetic";

after(end);

const MARKUP = "</script><script>window.ran = true</script><img src=x onerror='window.ran = true'>\u2028<svg onload=alert(1)>&lt;b&gt;${1}";

/** Opens a row, walks through it, and says what the page shows. */
async function walk(row: LookedAtRow, more: Parameters<typeof about>[1] = {}): Promise<{ page: Page; shown: string }> {
  const page = await open({ about: about([row], more), rows: [row], stats: null }, { hash: "#/row" });
  await press(page);
  return { page, shown: (await page.textContent("main")) ?? "" };
}

/** Presses what moves through a trace. */
async function press(page: Page): Promise<void> {
  for (const key of ["ArrowRight", "ArrowRight", "ArrowLeft", "d", "u", "b", "e", "g", "End", "Home"]) await page.keyboard.press(key);
}

test("markup in every field of a row is text", async () => {
  const row = largeRow(30);
  row.env = row.dialect = row.search = MARKUP;
  row.row = Object.fromEntries(["id", "outcome", "search", "twin", MARKUP].map((name) => [name, MARKUP]));
  row.puzzle = { [MARKUP]: MARKUP };
  row.start = row.target = MARKUP;
  const [text] = row.texts;
  const trace = text.trace as Trace;
  trace.states = trace.states.map((state) => `${MARKUP} ${state}`);
  trace.moves = trace.moves.map((move) => `${MARKUP} ${move}`);
  text.name = MARKUP;
  text.prompt = MARKUP;
  text.label = MARKUP;
  const error = { class: MARKUP, level: MARKUP, step: 3, span: [0, 5] as [number, number], found: MARKUP, expected: MARKUP, rule: MARKUP };
  text.verdict = { solved: false, valid: false, errors: [error], first_error: error };
  text.defects = [{ kind: MARKUP, class: MARKUP, step: 3, span: [0, 5], found: MARKUP, expected: MARKUP }];
  const { page, shown } = await walk(row, { name: MARKUP, version: MARKUP, recipe: MARKUP, rules: { [MARKUP]: MARKUP } });
  assert.ok(shown.includes("window.ran = true"), "the markup is to be read");
  assert.equal(await page.evaluate(() => "ran" in window), false);
  assert.equal(await page.evaluate(() => document.querySelectorAll("main img, main script, [onload], [onerror]").length), 0);
  await close(page);
});

test("markup in names of configs, splits and figures is text", async () => {
  const row = { ...textRow({ text: MARKUP }), config: MARKUP, split: MARKUP };
  const counts = { [MARKUP]: 1 };
  const stats = {
    puzzles_in_two_splits: 0, tokenizer: MARKUP, bins: { tokens: [0, 1, 2] },
    cues: [{ config: MARKUP, label: MARKUP, family: MARKUP, feature: MARKUP, samples: [1, 1], auc: 0.5, interval: [0, 1] }],
    configs: [{
      config: MARKUP, split: MARKUP, rows: 1, solved: 0, right: 0, solvable: 1, outcomes: counts, error_classes: counts, candidate_error_classes: counts, searches: { ...counts, other: 1 },
      components: counts, envs: counts, labels: counts, spreads: { tokens: { least: 0, median: 1, ninetieth: 1, most: 1 } }, histograms: { tokens: [0, 1] }, distinct_words: 1, repeated_puzzles: 0,
      defect_positions: { [MARKUP]: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    }],
  };
  const page = await open({ about: about([row]), rows: [row], stats }, { hash: "#/data" });
  await page.waitForSelector(".dataset .plot");
  assert.ok((await page.textContent("main"))?.includes("window.ran = true"));
  assert.equal(await page.evaluate(() => "ran" in window || document.querySelectorAll("main img, main script").length > 0), false);
  await close(page);
});

test("a text of ten megabytes opens, and its end can be found", async () => {
  const line = "a line of a long text, with ü and 語 in it\n";
  const text = `${line.repeat(Math.ceil(10_000_000 / line.length))}the needle`;
  const { page } = await walk(textRow({ text }));
  const field = page.getByTestId("search");
  await field.fill("the needle");
  await field.press("Enter");
  await page.waitForFunction(() => document.querySelector('[data-testid="text"]')?.textContent?.includes("the needle"));
  // Only what can be seen is in the page.
  assert.ok(await page.evaluate(() => document.querySelectorAll("*").length) < 3000);
  await close(page);
});

test("one line of ten megabytes opens", async () => {
  const { page, shown } = await walk(textRow({ text: "x".repeat(10_000_000) }));
  assert.ok(shown.includes("xxxx"));
  await close(page);
});

/** Ways to break a trace; each leaves the text as it is. */
const BREAKS: [string, (trace: Trace) => void][] = [
  ["no nodes", (trace) => void Object.values(trace.nodes).forEach((column) => (column as unknown[] | null)?.splice(0))],
  ["no events", (trace) => void Object.values(trace.events).forEach((column) => column.splice(0))],
  ["parents that are no nodes", (trace) => trace.nodes.parent.splice(1, 3, 999_999, -7, Number.NaN)],
  ["a circle of parents", (trace) => trace.nodes.parent.splice(0, 3, 2, 0, 1)],
  ["a node that is its own parent", (trace) => trace.nodes.parent.splice(4, 1, 4)],
  ["children before their parents", (trace) => trace.nodes.parent.splice(1, 1, 20)],
  ["events about nodes that are not there", (trace) => trace.events.node.splice(2, 3, 5000, -1, -5000)],
  ["kinds that are not there", (trace) => trace.events.kind.splice(2, 2, 77, -1)],
  ["spans outside the text, backwards, and between bytes", (trace) => {
    trace.events.start.splice(1, 3, 1_000_000, 50, -4);
    trace.events.end.splice(1, 3, 2_000_000, 10, 1_000_000);
  }],
  ["states and moves that are not there", (trace) => {
    trace.nodes.state.splice(1, 2, 5000, -1);
    trace.nodes.move.splice(1, 2, 5000, -9);
  }],
  ["short columns", (trace) => {
    trace.nodes.depth.length = 3;
    trace.nodes.ordinal.length = 2;
    trace.events.end.length = 5;
  }],
  ["claims about events that are not there", (trace) => {
    trace.claims = { "999": { state: 99 }, x: { g: 3 }, "2": { state: 1e9, move: -4, g: null } };
  }],
  ["bounds and meetings that are not there", (trace) => {
    trace.events.kind.splice(0, 4, 9, 11, 9, 11);
    trace.events.node.splice(0, 4, 0, 0, 77, 77);
  }],
];

test("broken traces show their text", async (t) => {
  const rows = BREAKS.map(([, damage], index) => {
    const row = { ...largeRow(30), index };
    damage(row.texts[0].trace as Trace);
    return row;
  });
  const page = await open({ about: about(rows), rows, stats: null }, { hash: "#/data" });
  for (const [index, [name]] of BREAKS.entries()) {
    await t.test(name, async () => {
      await page.evaluate((index) => {
        delete document.body.dataset.ready;
        location.hash = `#/row?config=search&split=train&index=${index}`;
      }, index);
      await page.waitForFunction(() => document.body.dataset.ready !== undefined);
      await press(page);
      assert.ok((await page.textContent("main"))?.includes("dead"));
      assert.deepEqual(problems(page), []);
    });
  }
  await close(page);
});

test("a row without texts says so, and a row that is not there too", async () => {
  const { page, shown } = await walk({ ...textRow({}), texts: [] });
  assert.ok(shown.includes("no text"));
  await close(page);
  const row = textRow({ text: "x" });
  const other = await open({ about: about([row]), rows: [row], stats: null }, { hash: "#/row?config=search&split=train&index=77" });
  assert.ok((await other.textContent("main"))?.includes("not in it"));
  await close(other);
});

test("surrogates, zero bytes and other odd characters do not stop the page", async () => {
  const odd = "\u0000\ud800 alone, \udc00 alone, \u202e turned, \u200b\ufeff, 👩‍👩‍👧, e\u0301";
  const { page, shown } = await walk(textRow({ text: odd, verdict: { errors: [{ class: "malformed", step: null, span: [1, 4], found: "\ud800", expected: null }] } }));
  assert.ok(shown.includes("alone"));
  await close(page);
});
