// Rows of all kinds, as the program gives them: each is shown as what it is.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";

import { close, end, open, problems, type Data } from "./browser";

after(end);

const data = JSON.parse(readFileSync("tests/rows/kinds.json", "utf8")) as Data;

/** What is to be read of a row of each kind. */
const SAYS: Record<string, RegExp[]> = {
  search: [/solved/, /goal/],
  optimal: [/solved/],
  corrupted: [/Planted defects/, /arithmetic/, /found it/],
  swapped: [/Found by the checker/],
  preference: [/chosen/, /rejected/],
  stepwise: [/step/],
  messages: [/solved/],
  correction: [/turn/],
  critique: [/Conclusion/],
  criteria: [/acceptability/],
  comparison: [/Answer: 3/, /candidate 4/],
  group: [/trajectory 0/, /trajectory 7/, /rewards 1/],
};

test("every kind of row is shown, with its texts and what they say", async (t) => {
  const page = await open(data, { hash: "#/data" });
  for (const row of data.rows) {
    const name = row.config ?? "";
    await t.test(name, async () => {
      await page.evaluate((config) => {
        delete document.body.dataset.ready;
        location.hash = `#/row?config=${config}&split=train&index=0&text=0`;
      }, name);
      await page.waitForFunction(() => document.body.dataset.ready !== undefined);
      assert.equal(await page.evaluate(() => document.body.dataset.ready), "row");
      const shown = await page.evaluate(() => (document.querySelector("main") as HTMLElement).innerText);
      for (const words of SAYS[name] ?? []) assert.match(shown, words, name);
      assert.ok(SAYS[name] !== undefined, `${name} says nothing`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "the page scrolls sideways");
      assert.deepEqual(problems(page), []);
    });
  }
  await close(page);
});
