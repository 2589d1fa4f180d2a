/** Futoshiki: a Latin square with signs between neighbours; a sign points to the lesser number. */
import { board, every, middle, whole } from "./board";
import { colour, polyline, rectangle, type Point } from "./marks";
import { cellsIn, drawNumbers, inLine, lineOf, placeOf, progress, stateOf, type NumberPuzzle } from "./number-board";
import { drawing, fields, list, numbers, picture, tone } from "./shared";
import { readChoice } from "./values";

const CELL = 58;
const INSET = 9;
const LARGEST = 16;

/** Two cells; the first has the lesser number. */
type Sign = readonly [number, number];

function signsIn(value: unknown, size: number): Sign[] | null {
  if (!Array.isArray(value) || value.length > 4 * size * size) return null;
  return every(list(value).map((sign) => {
    const told = numbers(sign, 4);
    const fits = told?.length === 4 && told.every((one) => whole(one, 1, size) !== null);
    const [row, column, otherRow, otherColumn] = told ?? [];
    if (!fits || row === undefined || column === undefined || otherRow === undefined || otherColumn === undefined) return null;
    const apart = Math.abs(row - otherRow) + Math.abs(column - otherColumn);
    return apart === 1 ? ([(row - 1) * size + column - 1, (otherRow - 1) * size + otherColumn - 1] as const) : null;
  }));
}

/** An angle between two cells that points to the lesser one. */
function angle(puzzle: NumberPuzzle, [less, more]: Sign, isLast: boolean): SVGElement {
  const [from, to] = [middle(puzzle.on, placeOf(puzzle, more)), middle(puzzle.on, placeOf(puzzle, less))];
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const [ux, uy] = [Math.sign(to[0] - from[0]), Math.sign(to[1] - from[1])];
  const points: Point[] = [[x - 3.5 * ux - 7 * uy, y - 3.5 * uy - 7 * ux], [x + 3.5 * ux, y + 3.5 * uy], [x - 3.5 * ux + 7 * uy, y - 3.5 * uy + 7 * ux]];
  return polyline(points, { stroke: isLast ? colour.current : tone.ink, "stroke-width": isLast ? 4.5 : 2.5 });
}

export const draw = drawing((scene) => {
  const fieldsOf = fields(scene.puzzle);
  const cells = cellsIn(fieldsOf.cells, LARGEST, LARGEST);
  const size = cells?.length ?? 0;
  const signs = signsIn(fieldsOf.less, size);
  if (cells === null || signs === null || cells[0]?.length !== size) return null;
  const on = board(size, size, CELL, 4);
  const puzzle: NumberPuzzle = {
    on,
    inset: INSET,
    given: cells.flat(),
    most: size,
    differ: (one, other) => inLine(on, one, other),
    forbids: (cell, value, domains) =>
      signs.some(([less, more]) => (less === cell && value >= Math.max(...(domains[more] ?? []))) || (more === cell && value <= Math.min(...(domains[less] ?? [])))),
    rule: (rule) => (rule > 2 * size ? [...(signs[rule - 2 * size - 1] ?? [])] : lineOf({ on }, rule)),
  };
  const state = stateOf(scene, puzzle);
  if (state === null) return null;
  const { below, above } = drawNumbers(scene, puzzle, state);
  const last = (readChoice(scene.move)?.rule ?? 0) - 2 * size - 1;
  const side = 8 + size * CELL;
  return picture(
    side,
    side,
    `Futoshiki: ${progress(puzzle, state)}`,
    rectangle(0, 0, side, side, { rx: 6, fill: "none", stroke: state.values.contradicts ? colour.error : "none", "stroke-width": 6 }),
    ...below,
    ...signs.map((sign, place) => angle(puzzle, sign, place === last)),
    ...above,
  );
});
