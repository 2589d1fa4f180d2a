/** N queens: given and set queens, squares that they attack or that were ruled out, and queens that attack each other. */
import { allPlaces, board, checkers, digits, every, floor, middle, numbersAround, square, whole, type Board, type Place } from "./board";
import { colour, crosses, guessCorner, polyline } from "./marks";
import { queen } from "./figures";
import { drawing, fields, numbers, picture, tone } from "./shared";
import { guessedIn, readChoice, readValues, type Values } from "./values";
import type { Scene } from "./scene";

const CELL = 40;
const LARGEST = 32;

function attacks(one: Place, other: Place): boolean {
  const [across, down] = [Math.abs(one.column - other.column), Math.abs(one.row - other.row)];
  return across === 0 || down === 0 || across === down;
}

/** Free squares of rows without a queen: a cross where a queen attacks, a larger one where the trace ruled the square out. */
function excluded(on: Board, queens: readonly Place[], values: Values): SVGElement[] {
  const open = allPlaces(on).filter(({ row }) => queens.every((queen) => queen.row !== row));
  const isLost = ({ column, row }: Place) => values.lost.get(`q${row + 1}`)?.has(String(column + 1)) === true;
  const lost = open.filter(isLost);
  const attacked = open.filter((at) => !isLost(at) && queens.some((queen) => attacks(queen, at)));
  return [
    crosses(attacked.map((at) => middle(on, at)), 5, { "stroke-opacity": 0.75 }),
    crosses(lost.map((at) => middle(on, at)), 9, { stroke: tone.bad, "stroke-width": 3 }),
  ];
}

/** Lines between queens that attack each other. */
function conflicts(on: Board, queens: readonly Place[]): SVGElement[] {
  const pairs = queens.flatMap((one, place) => queens.slice(place + 1).filter((other) => attacks(one, other)).map((other) => [one, other] as const));
  return pairs.map(([one, other]) => polyline([middle(on, one), middle(on, other)], { stroke: colour.error, "stroke-width": 4, "stroke-dasharray": "8 5" }));
}

function placesOf(values: Values, size: number): Place[] | null {
  const found = values.decided.map((value, row) => {
    const column = value === null ? 0 : digits(value, 1, size);
    return column === null ? null : { column: column - 1, row };
  });
  return every(found)?.filter(({ column }) => column >= 0) ?? null;
}

/** The square of the last move. */
function lastSquare(scene: Scene, size: number): Place | null {
  const choice = readChoice(scene.move);
  const [row, column] = [digits(choice?.variable?.slice(1), 1, size), digits(choice?.value ?? "", 1, size)];
  return row === null || column === null ? null : { column: column - 1, row: row - 1 };
}

export const draw = drawing((scene) => {
  const given = numbers(fields(scene.puzzle).columns, LARGEST);
  const size = given?.length ?? 0;
  if (given === null || size === 0 || given.some((column) => whole(column, 0, size) === null)) return null;
  const told = scene.state ?? given.map((column) => (column === 0 ? "_" : column)).join(" ");
  const values = readValues(told, size);
  const queens = values === null ? null : placesOf(values, size);
  if (values === null || queens === null) return null;
  const on = board(size, size, CELL, 28);
  const guessed = guessedIn(scene.moves);
  const last = lastSquare(scene, size);
  return picture(
    on.left + size * CELL + 6,
    on.top + size * CELL + 6,
    `${size} queens: ${queens.map(({ column, row }) => `row ${row + 1} column ${column + 1}`).join(", ")}`,
    numbersAround(on, 15),
    ...checkers(on),
    floor(on, { fill: "none", stroke: tone.line, "stroke-width": 2 }),
    ...excluded(on, queens, values),
    ...conflicts(on, queens),
    last !== null && square(on, last, 2, { fill: "none", stroke: colour.current, "stroke-width": 4, rx: 4 }),
    ...queens.map((at) => queen(middle(on, at), 34, { fill: given[at.row] === at.column + 1 ? tone.ink : tone.accent, stroke: tone.paper, "stroke-width": 2 })),
    ...queens.filter(({ row }) => guessed.has(`q${row + 1}`)).map(({ column, row }) => guessCorner([on.left + (column + 1) * CELL, on.top + row * CELL])),
    values.contradicts && floor(on, { fill: "none", stroke: colour.error, "stroke-width": 6 }),
  );
});
