// Large traces: they open quickly, and every step leaves time for the next frame. Times are those of the page's own thread at work (`threadTicks`), so that
// they say something on a machine that does other things as well. The numbers are printed: `npm run bench`.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { CDPSession, Page } from "playwright-core";

import { about, close, end, open } from "./browser";
import { largeRow } from "./synthetic";

after(end);

/** How much longer than said the page may take: processors differ, and those of others are at work too. */
const SLACK = Number(process.env.SLACK ?? "2");
const FRAMES = 40;

/** Seconds of work of the page's thread so far: scripts and layout, or all. */
async function used(session: CDPSession, names: string[]): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.filter((metric) => names.includes(metric.name)).reduce((sum, metric) => sum + metric.value, 0);
}

async function openLarge(nodes: number): Promise<{ page: Page; session: CDPSession }> {
  const row = largeRow(nodes);
  let session: CDPSession | null = null;
  const before = async (page: Page) => {
    session = await page.context().newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
  };
  const page = await open({ about: about([row]), rows: [row], stats: null }, { before });
  return { page, session: session as unknown as CDPSession };
}

/** Goes through the trace in so many frames, or through so many steps. */
async function walk(page: Page, whole: boolean, frames: number): Promise<void> {
  await page.evaluate(async ({ frames, whole }) => {
    const slider = document.querySelector('[data-testid="slider"]') as HTMLInputElement;
    const most = Number(slider.max);
    let frame = 0;
    await new Promise<void>((done) => {
      const next = () => {
        frame++;
        slider.value = String(whole ? Math.floor((most * frame) / frames) : Math.floor(most / 2) + frame);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        if (frame < frames) requestAnimationFrame(next);
        else done();
      };
      requestAnimationFrame(next);
    });
  }, { frames, whole });
}

test("ten thousand nodes: less than 8 ms of script and layout in a frame", async (t) => {
  const { page, session } = await openLarge(10_000);
  const names = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
  const found: [string, number][] = [];
  for (const [what, whole] of [["a step a frame", false], ["across the trace", true]] as const) {
    await walk(page, whole, 10); // The first frames make what later ones use.
    const before = await used(session, names);
    await walk(page, whole, FRAMES);
    found.push([what, (1000 * ((await used(session, names)) - before)) / FRAMES]);
  }
  for (const [what, each] of found) t.diagnostic(`10,000 nodes, ${what}: ${each.toFixed(2)} ms of script and layout in a frame`);
  await close(page);
  for (const [what, each] of found) assert.ok(each < 8 * SLACK, `${what}: ${each} ms a frame`);
});

test("a hundred thousand nodes open in two seconds", async (t) => {
  const { page, session } = await openLarge(100_000);
  const took = await used(session, ["TaskDuration"]);
  const drawn = await page.evaluate(() => performance.now() - (performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming).responseEnd);
  t.diagnostic(`100,000 nodes: ${Math.round(1000 * took)} ms of work, drawn ${Math.round(drawn)} ms after the page's last byte`);
  await close(page);
  assert.ok(took < 2 * SLACK, `${took} s`);
});
