// Debian's Chromium on the page, with data that the page holds itself. Nothing but the page is answered, and every test fails on a request to elsewhere, on
// an error and on a line in the console.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { chromium, type Browser, type Page, type Route } from "playwright-core";

import type { About, LookedAtRow } from "../src/types";

export interface Data { about: About; rows: LookedAtRow[]; stats: unknown }

/** How the page is looked at. */
export interface Look {
  hash?: string;
  width?: number;
  height?: number;
  theme?: "light" | "dark";
  /** What is done with the window before it opens the page. */
  before?: (page: Page) => Promise<void>;
}

const PAGE = process.env.PAGE ?? "dist/page.html";
const PLACE = '<script type="application/json" id="data"></script>';
const ADDRESS = "http://page.test/";

/** The fonts of pictures: those of Debian's fonts-dejavu-core. A picture in another font would be another picture. */
const FONTS = ':root { --font: "DejaVu Sans", sans-serif; --mono: "DejaVu Sans Mono", monospace; }';

let browser: Promise<Browser> | null = null;

/** The page with its data, as the program writes it into a file. */
export function withData(data: Data): string {
  const page = readFileSync(PAGE, "utf8");
  assert.equal(page.split(PLACE).length, 2, "the page has one place for its data");
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return page.replace(PLACE, () => PLACE.replace("></", () => `>${json}</`)).replace("</head>", () => `<style>${FONTS}</style></head>`);
}

/** Opens the page in a window of its own, and waits until it is drawn. */
export async function open(data: Data, look: Look = {}): Promise<Page> {
  return openPage(withData(data), look);
}

/** Opens a page that is given as text. */
export async function openPage(html: string, look: Look): Promise<Page> {
  return openWith(ADDRESS + (look.hash ?? ""), look, (route) => {
    if (route.request().url().split("#")[0] !== ADDRESS) return false;
    void route.fulfill({ contentType: "text/html; charset=utf-8", body: html });
    return true;
  });
}

/** Opens a page of a server. Only what stands below its address is asked for. */
export async function openAddress(address: string, look: Look = {}): Promise<Page> {
  return openWith(address + (look.hash ?? ""), look, (route) => {
    if (!route.request().url().startsWith(address)) return false;
    void route.continue();
    return true;
  });
}

/** Opens an address, with what answers requests or says that there must not be such a request. */
async function openWith(address: string, { width = 1280, height = 900, theme = "light", before }: Look, answers: (route: Route) => boolean): Promise<Page> {
  browser ??= chromium.launch({ executablePath: program(), args: ["--no-sandbox", "--font-render-hinting=none", "--disable-lcd-text"] });
  const page = await (await browser).newPage({ viewport: { width, height }, colorScheme: theme });
  const found: string[] = [];
  PROBLEMS.set(page, found);
  page.on("console", (message) => found.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => found.push(`error: ${error.stack ?? error.message}`));
  page.on("dialog", (dialog) => {
    found.push("a dialog was opened");
    void dialog.dismiss();
  });
  await page.route("**/*", async (route) => {
    if (answers(route)) return;
    found.push(`a request to ${route.request().url()}`);
    await route.abort();
  });
  await before?.(page);
  await page.goto(address, { waitUntil: "load" });
  await page.waitForFunction(() => document.body.dataset.ready !== undefined, undefined, { timeout: 30_000 });
  return page;
}

const PROBLEMS = new WeakMap<Page, string[]>();

/** What went wrong on a page so far. */
export function problems(page: Page): string[] {
  return PROBLEMS.get(page) ?? [];
}

/** Closes a page that must have had no error, no line in its console and no request to elsewhere. */
export async function close(page: Page): Promise<void> {
  await page.close();
  assert.deepEqual(problems(page), []);
}

/** Ends the browser. Each file of tests calls it at its end. */
export async function end(): Promise<void> {
  if (browser !== null) await (await browser).close();
  browser = null;
}

function program(): string {
  const found = [process.env.CHROMIUM ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => path !== "" && existsSync(path));
  if (found === undefined) throw new Error("no Chromium: install Debian's package chromium, or set CHROMIUM to the program");
  return found;
}

/** What a row is about, where a test needs no more than one row. */
export function about(rows: LookedAtRow[], more: Partial<About> = {}): About {
  const configs = [...new Set(rows.map((row) => row.config))].flatMap((name) => {
    const mine = rows.filter((row) => row.config === name);
    const splits = [...new Set(mine.map((row) => row.split))].flatMap((split) => (split === null ? [] : [{ name: split, rows: mine.filter((row) => row.split === split).length }]));
    return name === null ? [] : [{ name, kind: "search", splits }];
  });
  return { kind: "recipe", name: "test", version: "0.0.0", recipe: null, seed: 42, space: null, configs, rows: rows.length, ...more };
}
