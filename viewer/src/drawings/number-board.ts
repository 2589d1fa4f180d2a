/** Boards with a number in each cell: what is given, set, guessed and left, and the last step with the rule that it names. */
import { area, middle, square, whole, type Board, type Place } from "./board";
import { colour, cross, guessCorner, polyline, short, tint, type Point } from "./marks";
import { element, fitting, group, list, numbers, text, tone, words } from "./shared";
import { readChoice, readValues, type Choice, type Values } from "./values";
import type { Scene } from "./scene";

/** A puzzle whose variables are the cells of a board, row by row. */
export interface NumberPuzzle {
  on: Board;
  /** The space between a cell's square and the edge of its cell. */
  inset: number;
  /** 0 for an open cell. */
  given: number[];
  /** The numbers that cells can have are 1 to this one. */
  most: number;
  /** Whether two cells must differ. */
  differ: (one: number, other: number) => boolean;
  /** Whether anything but differing cells forbids a number in an open cell, by one look at the domains of the others. */
  forbids?: (cell: number, value: number, domains: readonly number[][]) => boolean;
  /** The cells of the rule with this number, from 1 on. */
  rule: (rule: number) => number[];
}

/** What is known of the cells at a step. */
export interface NumberState {
  values: Values;
  decided: (number | null)[];
}

/** The rows of numbers of a puzzle; null if they are no board of at most so many columns with numbers of at most `most`. */
export function cellsIn(value: unknown, largest: number, most: number): number[][] | null {
  const rows = list(value).slice(0, largest + 1).map((row) => numbers(row, largest));
  const columns = rows[0]?.length ?? 0;
  const fits = rows.length > 0 && rows.length <= largest && columns > 0;
  const inside = (row: number[] | null) => row?.length === columns && row.every((cell) => whole(cell, 0, most) !== null);
  return fits && rows.every(inside) ? (rows as number[][]) : null;
}

export function cellName(puzzle: NumberPuzzle, cell: number): string {
  return `r${Math.floor(cell / puzzle.on.columns) + 1}c${(cell % puzzle.on.columns) + 1}`;
}

export function placeOf(puzzle: NumberPuzzle, cell: number): Place {
  return { column: cell % puzzle.on.columns, row: Math.floor(cell / puzzle.on.columns) };
}

/** The state of a scene, or what is given; null if it is something else. */
export function stateOf(scene: Scene, puzzle: NumberPuzzle): NumberState | null {
  const told = scene.state ?? puzzle.given.map((value) => (value === 0 ? "_" : value)).join(" ");
  const values = readValues(told, puzzle.given.length);
  if (values === null) return null;
  const decided = values.decided.map((value) => (value === null ? null : Number(value)));
  return decided.every((value) => value === null || whole(value, 1, puzzle.most) !== null) ? { values, decided } : null;
}

/** The numbers that each cell has not lost; one number for a decided cell. */
function domainsOf(puzzle: NumberPuzzle, { values, decided }: NumberState): number[][] {
  const all = Array.from({ length: puzzle.most }, (_, value) => value + 1);
  return decided.map((value, cell) => {
    const lost = value === null ? values.lost.get(cellName(puzzle, cell)) : undefined;
    return value !== null ? [value] : lost === undefined ? all : all.filter((one) => !lost.has(String(one)));
  });
}

/** The candidates of an open cell, as a guess lists them: what it has not lost, and what breaks no rule at once. */
function candidates(puzzle: NumberPuzzle, domains: readonly number[][], cell: number): number[] {
  const taken = new Set(domains.filter((domain, other) => domain.length === 1 && other !== cell && puzzle.differ(cell, other)).flat());
  return (domains[cell] ?? []).filter((value) => !taken.has(value) && puzzle.forbids?.(cell, value, domains) !== true);
}

/** The place of a small number in a cell: each number has its own. */
function slot(puzzle: NumberPuzzle, cell: number, value: number): { at: Point; size: number } {
  const columns = Math.ceil(Math.sqrt(puzzle.most));
  const rows = Math.ceil(puzzle.most / columns);
  const [x, y] = middle(puzzle.on, placeOf(puzzle, cell));
  const side = puzzle.on.cell - 2 * puzzle.inset - 4;
  const step = [side / columns, side / rows] as const;
  const at: Point = [x - side / 2 + (((value - 1) % columns) + 0.5) * step[0], y - side / 2 + (Math.floor((value - 1) / columns) + 0.5) * step[1]];
  return { at, size: Math.min(fitting(String(puzzle.most), step[0] * 0.95, 12), step[1] * 0.9) };
}

interface Small {
  cell: number;
  value: number;
}

/** Small numbers as one element, with a place for each digit: a board can have a thousand of them. */
function smalls(puzzle: NumberPuzzle, all: readonly Small[], fill: string): SVGElement | null {
  let [content, xs, ys, largest] = ["", "", "", 0];
  for (const { cell, value } of all) {
    const { at: [x, y], size } = slot(puzzle, cell, value);
    const written = String(value);
    largest = size;
    content += written;
    [...written].forEach((_, digit) => {
      xs += `${short(x + (digit - (written.length - 1) / 2) * size * 0.6)} `;
      ys += `${short(y + size * 0.35)} `;
    });
  }
  const place = { x: xs.trim(), y: ys.trim(), "text-anchor": "middle", "font-size": largest, fill };
  return content === "" ? null : element("text", place, content);
}

/** What is left in open cells. */
function left(puzzle: NumberPuzzle, state: NumberState): SVGElement | null {
  const domains = domainsOf(puzzle, state);
  const open = state.decided.flatMap((value, cell) => (value === null ? [cell] : []));
  return smalls(puzzle, open.flatMap((cell) => candidates(puzzle, domains, cell).map((value) => ({ cell, value }))), tone.muted);
}

/** The numbers of decided cells: given ones bold, others in another colour, and underlined where two that must differ are the same. */
function decidedNumbers(puzzle: NumberPuzzle, { decided }: NumberState): (SVGElement | null)[] {
  return decided.map((value, cell) => {
    if (value === null) return null;
    const isGiven = puzzle.given[cell] === value;
    const clashes = decided.some((other, at) => other === value && at !== cell && puzzle.differ(cell, at));
    const look = {
      "font-size": fitting(value, puzzle.on.cell - 2 * puzzle.inset, 24),
      "font-weight": isGiven ? 700 : 500,
      "text-decoration": clashes ? "underline" : undefined,
      fill: clashes ? colour.error : isGiven ? tone.ink : tone.accent,
    };
    return text(...middle(puzzle.on, placeOf(puzzle, cell)), value, look);
  });
}

/** The other candidates of a guess such as `guess r1c2 2 5 = 5`. */
function alternatives(guess: string): string[] {
  const parts = words(guess);
  const equals = parts.indexOf("=");
  return parts.slice(2, Math.max(2, equals)).filter((value) => value !== parts[equals + 1]);
}

/** A question mark in the corner of cells that were guessed on the way here, and what else could have been guessed. */
function guesses(scene: Scene, puzzle: NumberPuzzle): SVGElement[] {
  return scene.moves.flatMap((move) => {
    const choice = readChoice(move);
    const cell = choice?.reason === "guess" ? puzzle.given.findIndex((_, one) => cellName(puzzle, one) === choice.variable) : -1;
    if (cell < 0) return [];
    const [x, y] = middle(puzzle.on, placeOf(puzzle, cell));
    const reach = puzzle.on.cell / 2 - puzzle.inset;
    const others = alternatives(move);
    const written = `or ${others.slice(0, 9).join(" ")}`;
    return [group(
      {},
      guessCorner([x + reach, y - reach]),
      others.length > 0 && text(x, y + reach - 7.5, written, { "font-size": fitting(written, 2 * reach - 8, 8), fill: tone.muted }),
    )];
  });
}

/** The frame of the cell that the last step is about, and what it took away or found missing there. */
function lastStep(puzzle: NumberPuzzle, choice: Choice): SVGElement[] {
  const cell = puzzle.given.findIndex((_, one) => cellName(puzzle, one) === choice.variable);
  if (cell < 0) return [];
  const frame = { fill: "none", rx: 3, "stroke-width": 4, stroke: choice.reason === "no-candidate" ? colour.error : colour.current };
  const drawn = [square(puzzle.on, placeOf(puzzle, cell), puzzle.inset + 1, frame)];
  const value = Number(choice.value);
  if (choice.reason === "no-candidate") drawn.push(cross(middle(puzzle.on, placeOf(puzzle, cell)), 9, { stroke: colour.error }));
  if (choice.removes && whole(value, 1, puzzle.most) !== null) drawn.push(...struck(puzzle, cell, value));
  return drawn;
}

/** A small number that is struck out. */
function struck(puzzle: NumberPuzzle, cell: number, value: number): SVGElement[] {
  const { at: [x, y], size } = slot(puzzle, cell, value);
  const strike = polyline([[x - size * 0.6, y + size * 0.5], [x + size * 0.6, y - size * 0.5]], { stroke: colour.error, "stroke-width": Math.max(1.5, size / 6) });
  const number = smalls(puzzle, [{ cell, value }], colour.error);
  return number === null ? [] : [number, strike];
}

/** The cell whose number is taken back, in a broken frame, and that number struck out. */
function undoneStep(puzzle: NumberPuzzle, choice: Choice | null): SVGElement[] {
  const cell = puzzle.given.findIndex((_, one) => cellName(puzzle, one) === choice?.variable);
  const value = Number(choice?.value);
  if (cell < 0 || whole(value, 1, puzzle.most) === null) return [];
  const frame = { fill: "none", rx: 3, "stroke-width": 4, stroke: colour.error, "stroke-dasharray": "5 4" };
  return [square(puzzle.on, placeOf(puzzle, cell), puzzle.inset + 1, frame), ...struck(puzzle, cell, value)];
}

/** The squares of all cells, with the rule of the last step set off. Where cells touch, those of one colour are one element. */
function grounds(puzzle: NumberPuzzle, choice: Choice | null): SVGElement[] {
  const rule = choice?.rule == null ? [] : puzzle.rule(choice.rule);
  const mark = choice?.reason === "no-place" ? tint(colour.error, 20) : colour.soft;
  const fill = (cell: number) => (rule.includes(cell) ? mark : puzzle.given[cell] !== 0 ? tone.faint : tone.paper);
  const cells = puzzle.given.map((_, cell) => cell);
  if (puzzle.inset > 0) {
    const look = { rx: 3, stroke: tone.line, "stroke-width": 1.5 };
    return cells.map((cell) => square(puzzle.on, placeOf(puzzle, cell), puzzle.inset, { fill: fill(cell), ...look }));
  }
  const of = (colour: string) => area(puzzle.on, cells.filter((cell) => fill(cell) === colour).map((cell) => placeOf(puzzle, cell)), { fill: colour });
  return [tone.paper, tone.faint, mark].map(of);
}

/** Everything in the cells: what is below the lines of the board, and what is above them. */
export function drawNumbers(scene: Scene, puzzle: NumberPuzzle, state: NumberState): { below: SVGElement[]; above: (SVGElement | null)[] } {
  const choice = readChoice(scene.move);
  const above = [
    left(puzzle, state),
    ...decidedNumbers(puzzle, state),
    ...(choice === null ? [] : lastStep(puzzle, choice)),
    ...undoneStep(puzzle, readChoice(scene.undone ?? null)),
    ...guesses(scene, puzzle),
  ];
  return { below: grounds(puzzle, choice), above };
}

/** How far a board is, for those who cannot see it. */
export function progress(puzzle: NumberPuzzle, { decided, values }: NumberState): string {
  const open = decided.filter((value) => value === null).length;
  const rows = Array.from({ length: puzzle.on.rows }, (_, row) =>
    decided.slice(row * puzzle.on.columns, (row + 1) * puzzle.on.columns).map((value) => value ?? "_").join(" "),
  );
  return `${open} of ${decided.length} cells open${values.contradicts ? ", no solution from here" : ""}; ${rows.join(" / ")}`;
}

/** The cells of a row or of a column of a board of `size` columns. */
export function lineOf(puzzle: { on: Board }, rule: number): number[] {
  const { rows, columns } = puzzle.on;
  if (rule <= rows) return Array.from({ length: columns }, (_, column) => (rule - 1) * columns + column);
  if (rule <= rows + columns) return Array.from({ length: rows }, (_, row) => row * columns + (rule - rows - 1));
  return [];
}

/** Whether two cells share a row or a column. */
export function inLine({ columns }: Board, one: number, other: number): boolean {
  return one % columns === other % columns || Math.floor(one / columns) === Math.floor(other / columns);
}
