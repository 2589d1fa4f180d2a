/** Survo: a table of numbers with the sums of its rows and columns. */
import { board, floor, lines } from "./board";
import { colour, tint } from "./marks";
import { cellsIn, drawNumbers, lineOf, progress, stateOf, type NumberPuzzle } from "./number-board";
import { drawing, fields, picture, tone } from "./shared";
import { drawSums, SUMS, sumsIn, type Sum } from "./sums";

const CELL = 44;
const LARGEST = 8;

export const draw = drawing((scene) => {
  const { cells: told, rows: rowSums, columns: columnSums } = fields(scene.puzzle);
  const cells = cellsIn(told, LARGEST, LARGEST * LARGEST);
  const [rows, columns] = [sumsIn(rowSums, LARGEST), sumsIn(columnSums, LARGEST)];
  if (cells === null || rows?.length !== cells.length || columns?.length !== cells[0]?.length) return null;
  const on = board(columns.length, rows.length, CELL, 6);
  const given = cells.flat();
  const all = given.map((_, cell) => cell);
  // rule 1 is that all numbers differ; then come the rows and the columns
  const misses = (cells: readonly number[], target: number, cell: number, value: number, domains: readonly number[][]) => {
    const bound = (of: (...values: number[]) => number) => cells.reduce((total, one) => total + (one === cell ? value : of(...(domains[one] ?? []))), 0);
    return cells.includes(cell) && (bound(Math.min) > target || bound(Math.max) < target);
  };
  const puzzle: NumberPuzzle = {
    on,
    inset: 0,
    given,
    most: given.length,
    differ: () => true,
    forbids: (cell, value, domains) => [...rows, ...columns].some((target, line) => misses(lineOf({ on }, line + 1), target, cell, value, domains)),
    rule: (rule) => (rule === 1 ? all : lineOf({ on }, rule - 1)),
  };
  const state = stateOf(scene, puzzle);
  if (state === null) return null;
  const sum = (target: number, line: number): Sum => {
    const values = lineOf({ on }, line).map((cell) => state.decided[cell] ?? null);
    return { target, now: values.reduce<number>((total, value) => total + (value ?? 0), 0), complete: !values.includes(null) };
  };
  const { below, above } = drawNumbers(scene, puzzle, state);
  return picture(
    on.left + columns.length * CELL + SUMS,
    on.top + rows.length * CELL + SUMS - 8,
    `Survo, sums of rows ${rows.join(" ")}, of columns ${columns.join(" ")}: ${progress(puzzle, state)}`,
    ...below,
    lines(on, { stroke: tint(tone.line, 80), "stroke-width": 1.5 }),
    floor(on, { fill: "none", stroke: state.values.contradicts ? colour.error : tone.ink, "stroke-width": state.values.contradicts ? 6 : 3 }),
    ...above,
    drawSums(on, rows.map((target, row) => sum(target, row + 1)), columns.map((target, column) => sum(target, rows.length + column + 1))),
  );
});
