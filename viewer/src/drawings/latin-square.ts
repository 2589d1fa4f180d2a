/** A Latin square: small numbers for what is left in open cells. */
import { board, floor, lines } from "./board";
import { colour, tint } from "./marks";
import { cellsIn, drawNumbers, inLine, lineOf, progress, stateOf, type NumberPuzzle } from "./number-board";
import { drawing, fields, picture, tone } from "./shared";

const CELL = 40;
const LARGEST = 16;

export const draw = drawing((scene) => {
  const cells = cellsIn(fields(scene.puzzle).cells, LARGEST, LARGEST);
  const size = cells?.length ?? 0;
  if (cells === null || cells[0]?.length !== size) return null;
  const on = board(size, size, CELL, 6);
  const differ = (one: number, other: number) => inLine(on, one, other);
  const puzzle: NumberPuzzle = { on, inset: 0, given: cells.flat(), most: size, differ, rule: (rule) => lineOf({ on }, rule) };
  const state = stateOf(scene, puzzle);
  if (state === null) return null;
  const { below, above } = drawNumbers(scene, puzzle, state);
  return picture(
    12 + size * CELL,
    12 + size * CELL,
    `Latin square: ${progress(puzzle, state)}`,
    ...below,
    lines(on, { stroke: tint(tone.line, 80), "stroke-width": 1.5 }),
    floor(on, { fill: "none", stroke: state.values.contradicts ? colour.error : tone.ink, "stroke-width": state.values.contradicts ? 6 : 3 }),
    ...above,
  );
});
