import assert from "node:assert/strict";
import { test } from "node:test";
import { shadeColour, shadeOf, SHADES } from "./order";

test("shades go from the first visit to the last", () => {
  assert.equal(shadeOf(0, 1), 0);
  assert.equal(shadeOf(0, 50), 0);
  assert.equal(shadeOf(49, 50), SHADES - 1);
  assert.equal(shadeOf(99, 50), SHADES - 1);
  assert.match(shadeColour(0), /var\(--seen-last\) 0%/);
  assert.match(shadeColour(SHADES - 1), /var\(--seen-last\) 100%/);
});
