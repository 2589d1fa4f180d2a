/** Kakurasu: black and white cells, what columns and rows count, and the sums. */
import { board, floor, lines, middle, numbersAround, square } from "./board";
import { colour, cross, guessCorner, rectangle, tint } from "./marks";
import { lineOf } from "./number-board";
import { drawing, fields, picture, tone } from "./shared";
import { drawSums, SUMS, sumsIn, type Sum } from "./sums";
import { guessedIn, readChoice, readValues, type Values } from "./values";

const CELL = 40;
const LARGEST = 16;

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [rows, columns] = [sumsIn(puzzle.rows, LARGEST), sumsIn(puzzle.columns, LARGEST)];
  if (rows === null || columns?.length !== rows.length) return null;
  const size = rows.length;
  const values = readValues(scene.state, size * size);
  if (values === null || values.decided.some((value) => value !== null && value !== "0" && value !== "1")) return null;
  const on = board(size, size, CELL, 26);
  const choice = readChoice(scene.move);
  const rule = choice?.rule == null ? [] : lineOf({ on }, choice.rule);
  const name = (cell: number) => `r${Math.floor(cell / size) + 1}c${(cell % size) + 1}`;
  const at = (cell: number) => ({ column: cell % size, row: Math.floor(cell / size) });
  const sum = (target: number, line: number): Sum => {
    const cells = lineOf({ on }, line).map((cell) => values.decided[cell] ?? null);
    const now = cells.reduce<number>((total, value, place) => total + (value === "1" ? place + 1 : 0), 0);
    return { target, now, complete: !cells.includes(null) };
  };
  const last = values.decided.findIndex((_, cell) => name(cell) === choice?.variable);
  const guessed = guessedIn(scene.moves);
  const open = values.decided.filter((value) => value === null).length;
  const black = values.decided.filter((value) => value === "1").length;
  return picture(
    on.left + size * CELL + SUMS,
    on.top + size * CELL + SUMS - 8,
    `Kakurasu, sums of rows ${rows.join(" ")}, of columns ${columns.join(" ")}: ${black} black cells, ${open} open`,
    numbersAround(on),
    ...values.decided.map((_, cell) => square(on, at(cell), 0, { fill: rule.includes(cell) ? colour.soft : colour.squareLight })),
    ...values.decided.map((value, cell) => drawCell(middle(on, at(cell)), value, values, name(cell))),
    lines(on, { stroke: tint(tone.line, 80), "stroke-width": 1.5 }),
    floor(on, { fill: "none", stroke: values.contradicts ? colour.error : tone.ink, "stroke-width": values.contradicts ? 6 : 3 }),
    ...values.decided.flatMap((_, cell) => (guessed.has(name(cell)) ? [guessCorner([on.left + (at(cell).column + 1) * CELL, on.top + at(cell).row * CELL])] : [])),
    last >= 0 && square(on, at(last), 1, { fill: "none", rx: 3, stroke: choice?.reason === "no-candidate" ? colour.error : colour.current, "stroke-width": 4 }),
    drawSums(on, rows.map((target, row) => sum(target, row + 1)), columns.map((target, column) => sum(target, size + column + 1))),
  );
});

/** A black square, a cross for white; small and pale where a cell is open but has lost the other value. */
function drawCell([x, y]: readonly [number, number], value: string | null, values: Values, name: string): SVGElement | null {
  const lost = values.lost.get(name);
  if (value === "1") return rectangle(x - 16, y - 16, 32, 32, { rx: 3, fill: colour.on });
  if (value === "0") return cross([x, y], 7);
  if (lost?.has("0")) return rectangle(x - 6, y - 6, 12, 12, { rx: 2, fill: "none", stroke: tone.muted, "stroke-width": 2 });
  if (lost?.has("1")) return cross([x, y], 3.5);
  return null;
}
