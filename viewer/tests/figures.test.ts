// The page of a dataset and that of model outputs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import type { Page } from "playwright-core";

import type { LookedAtRow } from "../src/types";
import { about, close, end, open } from "./browser";
import { textRow } from "./synthetic";

after(end);

const FIGURES = ["dataset", "outputs", "compared", "evidence"];

function stats(name: string): unknown {
  return JSON.parse(readFileSync(`tests/figures/${name}.json`, "utf8"));
}

/** Rows of which some are odd. */
function rows(): LookedAtRow[] {
  return Array.from({ length: 80 }, (_, index) => textRow({ text: `text ${index}`, defects: index % 9 === 0 ? [{ class: "arithmetic" }] : [] }, {
    index, config: index < 60 ? "search" : "slips",
    row: { id: `id ${index}`, outcome: index === 33 ? "exhausted" : "solved", search: index % 2 ? "dfs" : "bfs", nodes: 20 + index % 7, backtracks: 3, tokens: 100 + index, solved: index % 5 > 0 },
  }));
}

/** Opens the figures, with all charts drawn. */
async function figures(name: string, width: number, theme: "light" | "dark"): Promise<Page> {
  const page = await open({ about: about(rows(), { kind: "dataset", recipe: 'name = "x"' }), rows: rows(), stats: stats(name) }, { hash: "#/data", width, theme });
  await page.waitForFunction(() => [...document.querySelectorAll(".chart-place")].every((place) => place.childElementCount > 0));
  return page;
}

for (const name of FIGURES) {
  for (const [width, theme] of [[1280, "light"], [360, "dark"], [1900, "light"]] as const) {
    test(`${name}, ${width} pixels, ${theme}: labels do not cover each other, and nothing is wider than the page`, async () => {
      const page = await figures(name, width, theme);
      assert.deepEqual(await page.evaluate(overlaps), []);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "the page scrolls sideways");
      const charts = await page.evaluate(() => [...document.querySelectorAll(".plot")].map((plot) => plot.getAttribute("aria-label") ?? ""));
      assert.ok(charts.length >= 5 && charts.every((label) => label.length > 10), charts.join("\n"));
      await close(page);
    });
  }
}

/** The pairs of words in charts that cover each other, and words that are cut off at the edge of the window. */
function overlaps(): string[] {
  const found: string[] = [];
  for (const plot of document.querySelectorAll(".plot")) {
    const words = [...plot.querySelectorAll("text")].filter((word) => word.textContent !== "").map((word) => ({ text: word.textContent, box: word.getBoundingClientRect() }));
    for (const [at, { text, box }] of words.entries()) {
      if (box.left < -1 || box.right > window.innerWidth + 1) found.push(`${text} is cut off`);
      for (const other of words.slice(at + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        // Boxes of letters have room above and below.
        if (across > 1 && down > 4) found.push(`${text} / ${other.text} in ${plot.getAttribute("aria-label")?.slice(0, 40)}`);
      }
    }
  }
  return found;
}

test("medians are to be read as numbers, one for each line of a chart", async () => {
  const page = await figures("dataset", 1280, "light");
  const read = await page.evaluate(() => {
    const figure = [...document.querySelectorAll(".dataset figure")].find((figure) => figure.querySelector("h3")?.textContent === "Whole row in tokens");
    return [...(figure?.querySelectorAll(".spreads tbody tr") ?? [])].map((row) => [row.querySelector("th")?.textContent, row.querySelector(".median")?.textContent]);
  });
  assert.deepEqual(read, [["optimal · train", "36"], ["search · train", "1,928"], ["slips · train", "1,116"], ["train-mix · train", "1,928"]]);
  await close(page);
});

test("configs and splits are overlaid, and can be chosen", async () => {
  const page = await figures("dataset", 1280, "light");
  const lines = () => page.evaluate(() => document.querySelectorAll(".dataset figure")[0].querySelectorAll(".series-line path").length);
  assert.equal(await lines(), 4);
  await page.getByLabel("test", { exact: true }).check();
  assert.equal(await lines(), 8);
  await page.getByLabel("optimal", { exact: true }).uncheck();
  assert.equal(await lines(), 6);
  for (const name of ["search", "slips", "train-mix"]) await page.getByLabel(name, { exact: true }).uncheck();
  assert.ok((await page.textContent("main"))?.includes("No config and split is chosen."));
  await close(page);
});

test("the oddest row comes first, filters leave rows out, and a click opens a row", async () => {
  const page = await figures("dataset", 1280, "light");
  const list = page.getByTestId("found-rows");
  const first = () => list.locator("tbody tr").first().textContent();
  const count = async () => /^[\d,]+/.exec((await list.textContent()) ?? "")?.[0];
  assert.match((await first()) ?? "", /row 33.*outcome exhausted: 1 of 60 rows/);
  assert.equal(await count(), "60");
  const filter = async (name: string, value: string, expected: string) => {
    const field = page.locator(`.choose [name="${name}"]`);
    if (await field.evaluate((element) => element instanceof HTMLSelectElement)) await field.selectOption(value);
    else await field.fill(value);
    await page.waitForFunction((expected) => document.querySelector('[data-testid="found-rows"]')?.textContent?.startsWith(expected), expected);
  };
  await filter("solved", "false", "12 ");
  await filter("least_tokens", "130", "6 ");
  await filter("text", "text 45", "1 row fits");
  await filter("text", "no such words", "No row fits.");
  await filter("text", "", "6 ");
  await filter("least_tokens", "", "12 ");
  await filter("solved", "", "60 ");
  await filter("class", "arithmetic", "7 ");
  await filter("class", "", "60 ");
  await page.locator('.choose [name="order"]').selectOption("tokens");
  await page.waitForFunction(() => document.querySelector('[data-testid="found-rows"] tbody tr')?.textContent?.startsWith("row 59"));
  await list.locator("tbody a").first().click();
  await page.waitForFunction(() => document.body.dataset.ready === "row");
  assert.match(page.url(), /index=59/);
  assert.ok((await page.textContent("main"))?.includes("text 59"));
  await close(page);
});

test("experiments: curves over tokens or rows, readings, and no list of rows", async () => {
  const page = await figures("evidence", 1280, "light");
  const axis = () => page.evaluate(() => document.querySelector(".plot")?.textContent ?? "");
  assert.match(await axis(), /training tokens/);
  await page.getByLabel("Curves over").selectOption("rows");
  await page.waitForFunction(() => document.querySelector(".plot")?.textContent?.includes("training rows"));
  const words = (await page.textContent("main")) ?? "";
  assert.ok(words.includes("swapped traces stay within 5 points of right ones") && words.includes("-31 [-44, -18]") && words.includes("✗ fails"), words);
  assert.equal(await page.getByTestId("found-rows").count(), 0);
  await close(page);
});

test("figures alone have no list of rows", async () => {
  const page = await open({ about: about([], { kind: "dataset", rows: 9200 }), rows: [], stats: stats("dataset") }, { hash: "#/data" });
  await page.waitForSelector(".dataset .plot");
  await page.waitForFunction(() => document.querySelector<HTMLElement>(".dataset .rows")?.hidden);
  await close(page);
});

test("nothing to show is one sentence", async () => {
  for (const stats of [null, { configs: [] }, { two_by_two: {}, rows: 0 }]) {
    const page = await open({ about: about([], { kind: "dataset", rows: 0 }), rows: [], stats }, { hash: "#/data" });
    assert.ok((await page.textContent("main"))?.includes("There are no rows here, so there is nothing to show."));
    assert.equal(await page.evaluate(() => document.querySelectorAll(".plot, table, form.choose").length), 0);
    await close(page);
  }
});

test("plan and trace, and paired differences of several files", async () => {
  const page = await figures("compared", 1280, "light");
  const text = (await page.textContent("main")) ?? "";
  for (const words of ["Plan and trace", "step-100.jsonl", "Against step-100.jsonl", "Differences by environment", "Solved by one of k", "Solved within a length", "Over checkpoints", "wrong to right", "Length against true length"]) {
    assert.ok(text.includes(words), words);
  }
  const cell = await page.evaluate(() => document.querySelector(".two-by-two td .heat")?.textContent);
  assert.equal(cell, "14 %237");
  await close(page);
});
