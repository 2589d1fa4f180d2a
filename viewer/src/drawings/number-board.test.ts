import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeElement, installFakeDocument } from "./fake-document";
import { draw, type Scene } from "./index";

installFakeDocument();

const scene = (puzzle: unknown, state: string | null, move: string | null = null): Scene => ({ puzzle, state, path: [], moves: move === null ? [] : [move], seen: new Map(), move, solution: null });

/** The small numbers of a drawing: those whose element has a place for each digit. */
function small(env: string, shown: Scene): string {
  const made = draw(env, shown) as unknown as FakeElement;
  return [...made.all()].find((element) => element.tagName === "text" && element.getAttribute("fill") === "var(--muted)")?.textContent ?? "";
}

const SUDOKU = { cells: [[0, 0, 0, 0], [0, 0, 1, 2], [2, 1, 0, 0], [0, 0, 0, 0]] };

test("an open cell of a sudoku keeps what its row, column and box leave", () => {
  assert.equal(small("sudoku", scene(SUDOKU, "1 2 3 _ 4 3 1 2 2 1 4 3 3 4 2 1")), "4");
  assert.equal(small("sudoku", scene(SUDOKU, "1 2 _ _ 4 3 1 2 2 1 4 _ 3 4 2 1")), "3343");
});

test("a cell does not have what it has lost", () => {
  const latin = { cells: [[0, 0, 0], [0, 0, 0], [0, 0, 0]] };
  assert.equal(small("latin-square", scene(latin, "_ 1 2 1 2 3 2 3 1 not r1c1 3 .")), "");
  assert.equal(small("latin-square", scene(latin, "_ 1 _ 1 2 3 2 3 1")), "32");
});

test("signs of a futoshiki forbid numbers beside decided cells", () => {
  const puzzle = { cells: [[0, 2, 0], [0, 0, 0], [0, 0, 0]], less: [[1, 1, 1, 2], [1, 2, 1, 3]] };
  assert.equal(small("futoshiki", scene(puzzle, "_ 2 _ 2 3 1 3 1 2")), "13");
});

test("a guess is marked as long as it is on the way", () => {
  const made = draw("sudoku", scene(SUDOKU, "1 2 3 _ _ _ 1 2 2 1 _ _ _ _ 2 1", "guess r1c3 3 4 = 3")) as unknown as FakeElement;
  const texts = [...made.all()].filter((element) => element.tagName === "text").map((element) => element.textContent);
  assert.ok(texts.includes("?"));
  assert.ok(texts.includes("or 4"));
});

test("numbers that must differ and do not are underlined", () => {
  const underlined = (state: string) => {
    const made = draw("sudoku", scene(SUDOKU, state)) as unknown as FakeElement;
    return [...made.all()].filter((element) => element.getAttribute("text-decoration") === "underline").map((element) => element.textContent);
  };
  assert.deepEqual(underlined("1 2 3 4 _ _ 1 2 2 1 _ _ _ _ _ _"), []);
  assert.deepEqual(underlined("1 2 3 3 _ _ 1 2 2 1 _ _ _ _ _ _"), ["3", "3"]);
});
