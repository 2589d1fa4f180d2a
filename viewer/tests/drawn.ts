// Pictures of the drawings of all environments, on the page itself, at a step of their rows.

import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

import type { LookedAtRow } from "../src/types";
import { about, open } from "./browser";
import { GALLERY } from "./gallery";

/** Width of a drawing in a picture, and its greatest height, in pixels. */
const SIZE = 320;

/** The row of an environment. */
export function rowOf(env: string): LookedAtRow {
  return JSON.parse(readFileSync(`tests/rows/${env}.json`, "utf8")) as LookedAtRow;
}

/** A page with the rows of all environments; a row's config is the name of its environment. */
export async function openAll(theme: "light" | "dark" = "light"): Promise<Page> {
  const rows = Object.keys(GALLERY).map((env) => ({ ...rowOf(env), config: env }));
  const page = await open({ about: about(rows, { name: "gallery" }), rows, stats: null }, { hash: "#/data", theme });
  // The drawing stands before everything else, since its pane may be narrower.
  await page.addStyleTag({ content: `
    .drawing-box { position: fixed !important; z-index: 9; inset: 0 auto auto 0; display: block !important; padding: 0 0 4px !important; background: var(--background); width: ${SIZE}px !important; height: auto !important; }
    .drawing-box > svg { display: block !important; width: ${SIZE}px !important; height: auto !important; max-width: none !important; max-height: ${SIZE}px !important; }` });
  return page;
}

/** The picture of an environment's drawing, at the step that the gallery shows. */
export async function draw(page: Page, env: string): Promise<Buffer> {
  const events = rowOf(env).texts[0].trace?.events.kind.length ?? 0;
  const step = Math.floor(GALLERY[env].at * (events - 1));
  await page.evaluate((hash) => {
    delete document.body.dataset.ready;
    location.hash = hash;
  }, `#/row?config=${env}&split=train&index=${GALLERY[env].index}&step=${step}`);
  await page.waitForFunction(() => document.body.dataset.ready === "row");
  return page.getByTestId("drawing").locator("svg").screenshot({ animations: "disabled" });
}
