import assert from "node:assert/strict";
import { test } from "node:test";

import type { ShortRow } from "../types";
import { coarser, position, rangeOf, roundNumbers, steps, ticks } from "./bins";
import { className, odd } from "./odd";
import { figures } from "./types";

function row(index: number, more: Partial<ShortRow> = {}): ShortRow {
  return {
    id: `id ${index}`, config: "search", split: "train", index, env: "maze", outcome: "solved", search: "dfs", nodes: 10 + index, backtracks: 2, depth: 3, tokens: 100, bytes: 500, difficulty: 1, solved: true,
    defect: null, first_error: null, label: null, ...more,
  };
}

test("numbers stand in the middle of their bin where it holds one number, else where they fall", () => {
  const [single, wide] = [[3, 4, 5, 6], [0, 10, 20, 30]];
  assert.deepEqual([3, 4, 5].map((value) => position(single, value)), [0.5, 1.5, 2.5]);
  assert.deepEqual([position(wide, 0), position(wide, 29)], [0.05, 2.95]);
  // Beyond both ends a number stays on the axis.
  assert.equal(position(single, 1000), 3);
});

test("ticks are edges, fewer than there is room for, and round", () => {
  const equal = Array.from({ length: 41 }, (_, at) => at * 50);
  for (const room of [2, 3, 5, 8, 20]) {
    const labels = ticks(equal, room);
    assert.ok(labels.length >= 1 && labels.length <= room + 1, `${labels}`);
    assert.ok(labels.every((label) => equal.includes(label)));
  }
  assert.deepEqual(ticks(equal, 8), [0, 250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
  const uneven = [0, 1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 45, 64];
  assert.deepEqual(ticks(uneven, 6), [1, 2, 4, 8, 16, 32]);
  assert.deepEqual(ticks([7, 8], 5), [7]);
});

test("steps are shares of all rows", () => {
  assert.deepEqual(steps([1, 3], 4), [{ x: 0, y: 25 }, { x: 1, y: 25 }, { x: 1, y: 75 }, { x: 2, y: 75 }]);
  assert.deepEqual(steps([0], 0), [{ x: 0, y: 0 }, { x: 1, y: 0 }]);
});

test("coarser bins keep every row", () => {
  const { edges, columns } = coarser([0, 1, 2, 3, 4, 5], [[1, 2, 3, 4, 5]], 3);
  assert.deepEqual([edges, columns], [[0, 2, 4, 5], [[3, 7, 5]]]);
  assert.deepEqual([rangeOf([0, 1], 0), rangeOf([0, 1000], 0)], ["0", "0 to 999"]);
});

test("the oddest row comes first, with its reason", () => {
  const rows = Array.from({ length: 64 }, (_, index) => row(index, { nodes: 10 + index % 8 }));
  rows[40].outcome = "exhausted";
  rows[11].nodes = 5000;
  rows[20].id = rows[19].id;
  const found = odd(rows);
  assert.deepEqual(found.slice(0, 3).map(({ row, why }) => [row.index, why]), [
    [20, "the puzzle of row 19 again"],
    [40, "outcome exhausted: 1 of 64 rows"],
    [11, "5,000 nodes, the most of 64 rows"],
  ]);
  assert.equal(found.length, rows.length);
  assert.ok(found.every(({ bits }, at) => at === 0 || bits <= found[at - 1].bits));
});

test("rows that are all alike have nothing odd, and rows of two configs are not held against each other", () => {
  assert.ok(odd([0, 1, 2, 3].map((index) => row(index, { nodes: 5 }))).every(({ bits, why }) => bits === 0 && why === ""));
  const two = [...[0, 1, 2, 3].map((index) => row(index, { nodes: 5 })), row(0, { config: "optimal", nodes: 1, search: "" })];
  assert.ok(odd(two).every(({ bits }) => bits === 0));
});

test("the class of a row is that of its error, or else of its defect", () => {
  assert.deepEqual([row(0), row(0, { defect: "arithmetic" }), row(0, { defect: "arithmetic", first_error: "syntax" })].map(className), ["", "arithmetic", "syntax"]);
});

test("figures are told apart by their fields, and nothing is nothing", () => {
  const kinds = [null, undefined, 3, {}, { configs: [] }, { configs: [{ rows: 0 }] }, { configs: [{ rows: 1 }] }, { two_by_two: {}, rows: 0 }, { two_by_two: {}, rows: 2 }, { files: [] }, { experiments: [] }].map((stats) => figures(stats).kind);
  assert.deepEqual(kinds, ["nothing", "nothing", "nothing", "nothing", "nothing", "nothing", "dataset", "nothing", "outputs", "nothing", "evidence"]);
});

test("a logarithmic axis has round numbers, as many as there is room for", () => {
  assert.deepEqual(roundNumbers(970_000, 2_060_000, 5), [1e6, 2e6]);
  assert.deepEqual(roundNumbers(970_000, 8_200_000, 5), [1e6, 2e6, 5e6]);
  assert.deepEqual(roundNumbers(9, 5100, 4), [10, 100, 1000]);
  assert.deepEqual(roundNumbers(14, 16, 4), [14]);
});
