/** Sudoku: the board with its boxes, and small numbers for what is left in open cells. */
import { board, floor, lines, numbersAround, type Board } from "./board";
import { colour, tint } from "./marks";
import { cellsIn, drawNumbers, inLine, lineOf, progress, stateOf, type NumberPuzzle } from "./number-board";
import { drawing, fields, picture, tone } from "./shared";

const CELL = 40;
/** Room for the numbers of rows and columns. */
const MARGIN = 20;
const LARGEST = 16;

/** Height and width of a box, by the size of the board. */
const BOXES: Record<number, readonly [number, number]> = { 4: [2, 2], 6: [2, 3], 9: [3, 3], 16: [4, 4] };

function boxOf({ columns }: Board, [height, width]: readonly [number, number], cell: number): number {
  return Math.floor(Math.floor(cell / columns) / height) * (columns / width) + Math.floor((cell % columns) / width);
}

export const draw = drawing((scene) => {
  const cells = cellsIn(fields(scene.puzzle).cells, LARGEST, LARGEST);
  const size = cells?.length ?? 0;
  const box = BOXES[size];
  if (cells === null || box === undefined || cells[0]?.length !== size) return null;
  const on = board(size, size, CELL, MARGIN);
  const given = cells.flat();
  const inBox = (cell: number) => boxOf(on, box, cell);
  const puzzle: NumberPuzzle = {
    on,
    inset: 0,
    given,
    most: size,
    differ: (one, other) => inLine(on, one, other) || inBox(one) === inBox(other),
    rule: (rule) => (rule > 2 * size ? given.map((_, cell) => cell).filter((cell) => inBox(cell) === rule - 2 * size - 1) : lineOf({ on }, rule)),
  };
  const state = stateOf(scene, puzzle);
  if (state === null) return null;
  const { below, above } = drawNumbers(scene, puzzle, state);
  return picture(
    MARGIN + 6 + size * CELL,
    MARGIN + 6 + size * CELL,
    `Sudoku: ${progress(puzzle, state)}`,
    ...below,
    lines(on, { stroke: tint(tone.line, 60), "stroke-width": 1 }),
    lines(on, { stroke: tone.ink, "stroke-width": 3 }, box[1], box[0]),
    state.values.contradicts && floor(on, { fill: "none", stroke: colour.error, "stroke-width": 6 }),
    ...above,
    numbersAround(on, 11),
  );
});
