// Every environment's drawing against its picture in the gallery, with a tolerance for other versions of the browser and its fonts.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";

import { DRAWINGS } from "../src/drawings";
import { close, end } from "./browser";
import { draw, openAll } from "./drawn";
import { GALLERY } from "./gallery";

/** How far the colours of a pixel may be apart (the pictures have few colours), and which share of the pixels may be further. */
const [APART, SHARE] = [0.25, 0.002];
/** Where pictures go that are otherwise than the gallery's. */
const FOLDER = "node_modules/.pictures";

let page: Page;
before(async () => {
  page = await openAll();
});
after(end);

for (const env of Object.keys(GALLERY)) {
  test(`the drawing of ${env} is that of the gallery`, async () => {
    const drawn = await draw(page, env);
    const [now, then] = [PNG.sync.read(drawn), PNG.sync.read(readFileSync(`../docs/gallery/${env}.png`))];
    const keep = (what: string) => {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(`${FOLDER}/${env}.png`, drawn);
      return `${what}: see ${FOLDER}/${env}.png; if it is right, run npm run pictures`;
    };
    // A font may make a picture a line higher.
    const [width, height] = [Math.min(now.width, then.width), Math.min(now.height, then.height)];
    assert.ok(Math.abs(now.width - then.width) <= 2 && Math.abs(now.height - then.height) <= 2, keep(`${now.width} x ${now.height} for ${then.width} x ${then.height}`));
    const cut = (picture: PNG) => {
      const part = new PNG({ width, height });
      PNG.bitblt(picture, part, 0, 0, width, height, 0, 0);
      return part.data;
    };
    const other = pixelmatch(cut(now), cut(then), undefined, width, height, { threshold: APART });
    assert.ok(other <= SHARE * width * height, keep(`${other} of ${width * height} pixels are otherwise`));
  });
}

test("the page had no error", () => close(page));

test("every environment has a drawing of its own, and every drawing and picture is in the gallery", () => {
  const environments = Object.keys(JSON.parse(readFileSync("tests/rows/environments.json", "utf8")) as object).sort();
  assert.deepEqual(Object.keys(DRAWINGS).sort(), environments);
  assert.deepEqual(Object.keys(GALLERY).sort(), environments);
  assert.deepEqual(readdirSync("../docs/gallery").filter((name) => name.endsWith(".png") && name !== "page.png").sort(), environments.map((env) => `${env}.png`).sort());
  const gallery = readFileSync("../docs/gallery.md", "utf8");
  for (const env of environments) assert.ok(gallery.includes(`\n## ${env}\n`) && gallery.includes(`(gallery/${env}.png)`), env);
});
