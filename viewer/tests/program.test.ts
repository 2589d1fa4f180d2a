// The program itself: its server with the page that it holds, and whether the rows of the tests are still those that it gives. Skipped where it was not built.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, test } from "node:test";

import { end, openAddress, close } from "./browser";
import { GALLERY, KINDS, recipe } from "./gallery";
import { dataOf, program } from "./program";

const sos = program();
const skip = sos === null ? "no program was built" : false;
const started: ChildProcess[] = [];
after(async () => {
  for (const child of started) child.kill();
  await end();
});

/** Starts the server, and gives its address. */
async function serve(source: string): Promise<string> {
  const child = spawn(sos ?? "", ["view", source, "--quiet"], { stdio: ["pipe", "pipe", "inherit"] });
  started.push(child);
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(line)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error("the server told no address");
}

test("sos view of a recipe: its rows, any of them by index, a filter, and the figures", { skip }, async () => {
  const page = await openAddress(await serve("../recipes/n-queens.toml"));
  assert.equal(await page.evaluate(() => document.body.dataset.ready), "row");
  await page.keyboard.press("ArrowRight");
  assert.match((await page.getByTestId("step").textContent()) ?? "", /^step 0 of/);
  await page.keyboard.press("n");
  await page.waitForFunction(() => location.hash.includes("index=1"));
  await page.evaluate(() => {
    delete document.body.dataset.ready;
    location.hash = "#/row?config=search&split=train&index=777";
  });
  await page.waitForFunction(() => document.body.dataset.ready === "row");
  await page.evaluate(() => {
    delete document.body.dataset.ready;
    location.hash = "#/data";
  });
  await page.waitForFunction(() => document.body.dataset.ready === "data", undefined, { timeout: 60_000 });
  await page.waitForSelector(".dataset .plot");
  await page.waitForSelector('[data-testid="found-rows"] tbody tr');
  await close(page);
});

test("the rows of the tests are those that the program gives", { skip }, () => {
  for (const [env, { index }] of Object.entries(GALLERY)) {
    assert.deepEqual(dataOf(sos ?? "", recipe(env), index).rows[0], JSON.parse(readFileSync(`tests/rows/${env}.json`, "utf8")), `${env}: npm run rows`);
  }
  assert.deepEqual(dataOf(sos ?? "", KINDS, 0).rows, (JSON.parse(readFileSync("tests/rows/kinds.json", "utf8")) as { rows: unknown }).rows, "kinds: npm run rows");
});
