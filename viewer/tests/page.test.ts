// The page of a row: a walk through a trace, clicks from the tree to the text and back, the search field, the list of rows, dark colours, small windows.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import type { Page } from "playwright-core";

import type { LookedAtRow } from "../src/types";
import { about, close, end, open, type Data, type Look } from "./browser";
import { largeRow, textRow } from "./synthetic";

after(end);

/** Rows of two configs; the second text has a planted defect, which the checker found. */
function rows(): LookedAtRow[] {
  const each = [0, 1, 2].flatMap((index) => ["search", "corrupted"].map((config) => ({ ...largeRow(40), config, index })));
  for (const row of each) {
    row.row = { id: `id ${row.index}`, twin: `twin ${row.index}`, outcome: row.index === 2 ? "exhausted" : "solved", search: "dfs", nodes: 40, backtracks: 7, tokens: 100 + row.index, solved: row.config === "search" };
    const [text] = row.texts;
    const error = { class: "wrong-state", level: "transition", step: 3, span: [10, 22] as [number, number], found: "state 99", expected: "state 1" };
    text.verdict = row.config === "search" ? { solved: true, valid: true, errors: [] } : { solved: false, valid: false, first_error: error, errors: [error] };
    if (row.config === "corrupted") text.defects = [{ kind: "state-slip", ...error }];
  }
  return each;
}

async function openRows(look: Look = {}): Promise<Page> {
  return open({ about: about(rows(), { rules: { "wrong-state": "The state does not follow from the move." } }), rows: rows(), stats: null }, { hash: "#/row", ...look });
}

const step = async (page: Page) => (await page.getByTestId("step").textContent()) ?? "";
const lit = (page: Page) => page.evaluate(() => [...document.querySelectorAll('[data-testid="text"] .lit')].map((part) => part.textContent).join(""));

test("a walk through a trace: keys, slider, buttons, and the text follows", async () => {
  const page = await openRows();
  assert.match(await step(page), /start/);
  await page.keyboard.press("ArrowRight");
  assert.match(await step(page), /step 0 of/);
  assert.equal(await lit(page), "> #0");
  await page.keyboard.press("ArrowRight");
  assert.equal(await lit(page), "#1 left : 1 0");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await lit(page), "> #0");
  await page.keyboard.press("End");
  assert.equal(await lit(page), "goal");
  await page.keyboard.press("Home");
  assert.match(await step(page), /start/);
  const slider = page.getByTestId("slider");
  await slider.fill("5");
  assert.match(await step(page), /step 4 of/);
  await page.keyboard.press("g");
  assert.match(await step(page), /goal/);
  assert.match(page.url(), /#\/row/);
  await page.waitForFunction(() => /step=\d+/.test(location.hash));
  await close(page);
});

test("the address says the step, and an address with a step opens it", async () => {
  const page = await openRows({ hash: "#/row?config=search&split=train&index=1&step=4" });
  assert.match(await step(page), /step 4 of/);
  await page.evaluate(() => (location.hash = "#/row?config=search&split=train&index=1&step=6"));
  await page.waitForFunction(() => document.querySelector('[data-testid="step"]')?.textContent?.includes("step 6 of"));
  await close(page);
});

test("the first guess of a sudoku that failed, and where it was undone, are a key away", async () => {
  const page = await open(JSON.parse(readFileSync("tests/rows/page.json", "utf8")) as Data, { hash: "#/row?config=search&split=train" });
  const story = (await page.textContent(".verdict-line")) ?? "";
  assert.match(story, /guess/i);
  assert.match(story, /undone/i);
  await page.keyboard.press("c");
  assert.match(await lit(page), /^guess: \(0, 0\)/);
  await page.keyboard.press("d");
  assert.match(await step(page), /dead end/);
  assert.match(await lit(page), /^nocand: \(2, 2\)/);
  await page.keyboard.press("u");
  assert.match(await lit(page), /^revert: \(0, 0\)/);
  assert.match(await step(page), /goes back/);
  // What was guessed is undone, and the board shows it struck out.
  await page.waitForFunction(() => /undone\s*guess r1c1/.test(document.querySelector(".facts")?.textContent ?? ""));
  assert.equal(await page.locator('[data-testid="drawing"] [stroke-dasharray="5 4"]').count(), 1);
  await close(page);
});

test("playing goes on by itself and stops", async () => {
  const page = await openRows();
  const before = await step(page);
  await page.keyboard.press(" ");
  await page.waitForFunction((before) => document.querySelector('[data-testid="step"]')?.textContent !== before, before);
  await page.keyboard.press(" ");
  const stopped = await step(page);
  await page.waitForTimeout(300);
  assert.equal(await step(page), stopped);
  await close(page);
});

test("a click on a line moves the tree, and a click on a node moves the text", async () => {
  const page = await openRows();
  const wanted = page.locator('[data-testid="text"] .line', { hasText: "#7 " }).first();
  await wanted.click({ position: { x: 80, y: 8 } });
  assert.match(await lit(page), /^#7 /);
  const at = await step(page);
  // The tree is a picture: a node is where its small window opens.
  const node = await findNode(page, "state 4");
  await page.mouse.click(node.x, node.y);
  assert.notEqual(await step(page), at);
  assert.match(await lit(page), /^#4 left/);
  await close(page);
});

/** The middle of where the window of a node opens that says these words. */
async function findNode(page: Page, words: string): Promise<{ x: number; y: number }> {
  const found = await page.evaluate((words) => {
    const tree = document.querySelector('[data-testid="tree"]') as HTMLElement;
    const canvas = tree.querySelector('[data-testid="tree-canvas"]') as HTMLElement;
    const box = canvas.getBoundingClientRect();
    const places: { x: number; y: number }[] = [];
    for (let y = box.top + 2; y < box.bottom; y += 4) {
      for (let x = box.left + 2; x < box.right; x += 4) {
        canvas.dispatchEvent(new PointerEvent("pointermove", { clientX: x, clientY: y, bubbles: true }));
        if (tree.querySelector(".tip:not([hidden])")?.textContent?.includes(words)) places.push({ x, y });
      }
    }
    const middle = (of: (place: { x: number; y: number }) => number) => places.reduce((sum, place) => sum + of(place), 0) / places.length;
    return places.length === 0 ? null : { x: middle((place) => place.x), y: middle((place) => place.y) };
  }, words);
  if (found === null) throw new Error(`no node says ${words}`);
  return found;
}

test("the search field finds words, goes on to the next ones, and says when there are none", async () => {
  const page = await openRows();
  const field = page.getByTestId("search");
  await page.keyboard.press("/");
  assert.ok(await field.evaluate((element) => element === document.activeElement));
  const found = () => page.evaluate(() => document.querySelector('[data-testid="text"] .found')?.closest(".line")?.textContent ?? null);
  await field.fill("dead");
  await field.press("Enter");
  const first = await found();
  assert.ok(first?.includes("dead"));
  await field.press("Enter");
  assert.ok((await found())?.includes("dead"));
  await field.fill("no such words");
  await field.press("Enter");
  assert.ok(await field.evaluate((element) => element.classList.contains("nothing")));
  await close(page);
});

test("an error stands beside the planted defect, with class, found, expected and rule, and leads to its place", async () => {
  const page = await openRows({ hash: "#/row?config=corrupted&split=train&index=0" });
  const errors = page.getByTestId("errors");
  const said = (await errors.textContent()) ?? "";
  for (const words of ["wrong-state", "state 99", "state 1", "The state does not follow from the move.", "state-slip"]) assert.ok(said.includes(words), `${words} in ${said}`);
  await errors.getByRole("button").first().click();
  assert.match(await step(page), /step 3 of/);
  assert.ok(await page.evaluate(() => document.querySelectorAll('[data-testid="text"] .error').length > 0));
  await close(page);
});

test("rows are filtered, and a click opens one", async () => {
  const page = await openRows();
  await page.getByRole("button", { name: "rows …" }).click();
  const list = page.getByTestId("rows");
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="rows"] tbody tr').length === 3);
  await list.getByLabel("outcome").fill("exhausted");
  await list.getByRole("button", { name: "filter" }).click();
  await page.waitForFunction(() => document.querySelectorAll('[data-testid="rows"] tbody tr').length === 1);
  await list.locator("tbody button").first().click();
  await page.waitForFunction(() => location.hash.includes("index=2"));
  await close(page);
});

test("a twin stands beside its row", async () => {
  const page = await openRows();
  await page.getByTestId("twin-choice").selectOption("corrupted");
  await page.waitForSelector('[data-testid="twin"]');
  assert.ok((await page.getByTestId("twin").textContent())?.includes("corrupted"));
  await close(page);
});

test("light and dark: as the system says, and by the button; words stand out from what is behind them", async () => {
  for (const theme of ["light", "dark"] as const) {
    const page = await openRows({ theme });
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme);
    assert.deepEqual(await page.evaluate(faint), []);
    await page.getByTestId("theme").click();
    assert.notEqual(await page.evaluate(() => document.documentElement.dataset.theme), theme);
    assert.deepEqual(await page.evaluate(faint), []);
    await close(page);
  }
});

/** Words whose contrast to what is behind them is below 4.5 to 1 (WCAG 2, level AA). */
function faint(): string[] {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (context === null) return ["no canvas"];
  const rgb = (colour: string): number[] => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data];
  };
  const light = ([red, green, blue]: number[]) => {
    const [r, g, b] = [red, green, blue].map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>("body *")) {
    const words = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent?.trim()).join("");
    if (words === "" || element.closest("svg, [hidden], option, :disabled, .none") !== null || element.getClientRects().length === 0) continue;
    let behind: HTMLElement | null = element;
    while (behind !== null && rgb(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement;
    const [one, other] = [light(rgb(getComputedStyle(element).color)), light(rgb(getComputedStyle(behind ?? document.body).backgroundColor))];
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (contrast < 4.5) found.push(`${words.slice(0, 30)}: ${contrast.toFixed(1)}`);
  }
  return found;
}

for (const width of [360, 768, 3840]) {
  test(`${width} pixels: nothing is wider than the window, and the tree and the text are to be seen`, async () => {
    const page = await openRows({ width, height: width === 3840 ? 2160 : 740 });
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "the page scrolls sideways");
    for (const name of ["tree", "text", "drawing", "slider"]) {
      const box = await page.getByTestId(name).boundingBox();
      assert.ok(box && box.width > 120 && box.height > 10 && box.x >= 0 && box.x + box.width <= width, `${name}: ${JSON.stringify(box)}`);
    }
    await close(page);
    // Long lines are cut where the pane ends.
    const long = textRow({ text: "x".repeat(2000) });
    const wrapped = await open({ about: about([long]), rows: [long], stats: null }, { width, height: 900 });
    const over = await wrapped.evaluate(() => {
      const end = document.querySelector('[data-testid="text"] .scroller')?.getBoundingClientRect().right ?? 0;
      return [...document.querySelectorAll(".line .words")].map((words) => words.getBoundingClientRect().right - end).filter((over) => over > 0);
    });
    assert.deepEqual(over, []);
    await close(wrapped);
  });
}

test("buttons, fields and pictures have names for screen readers", async () => {
  const page = await openRows();
  const nameless = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>("button, input, select, svg[role], canvas[role], [role=region]")]
    .filter((element) => {
      const label = element.getAttribute("aria-label") ?? element.getAttribute("title") ?? element.querySelector("title")?.textContent ?? element.closest("label")?.textContent ?? element.textContent;
      return (label ?? "").trim() === "";
    }).map((element) => element.outerHTML.slice(0, 120)));
  assert.deepEqual(nameless, []);
  await close(page);
});

test("a text alone has no tree, and says what it is", async () => {
  const row = textRow({ text: "Conclusion: wrong\nfirst error: step 3", name: "critique" });
  const page = await open({ about: about([row]), rows: [row], stats: null }, { hash: "#/row" });
  assert.ok((await page.textContent("main"))?.includes("first error: step 3"));
  assert.equal(await page.getByTestId("tree").count(), 0);
  await close(page);
});

test("a row of a file stands beside the other rows of its puzzle, wherever they are", async () => {
  const rows = [0, 7].map((index) => ({ ...largeRow(20), index, config: "", split: "", same_puzzle: [0, 7] }));
  const page = await open({ about: about([], { kind: "rows", rows: 9 }), rows, stats: null });
  const choice = page.getByTestId("twin-choice");
  assert.deepEqual(await choice.locator("option").allTextContents(), ["compare with …", "row 7"]);
  await choice.selectOption("@7");
  await page.waitForSelector('[data-testid="twin"]');
  await close(page);
});
