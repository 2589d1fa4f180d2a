/** Boards of square cells: their geometry and lines, and safe reading of what stands on them. */
import { element, group, list, text, tone, type Attributes } from "./shared";
import { colour, path, rectangle, short, type Point } from "./marks";

/** Where a board stands in a drawing, and how long the side of a cell is. */
export interface Board {
  left: number;
  top: number;
  cell: number;
  columns: number;
  rows: number;
}

export interface Place {
  column: number;
  row: number;
}

/** A board of its own, with an edge around it. */
export function board(columns: number, rows: number, cell: number, left = cell / 4, top = left): Board {
  return { left, top, cell, columns, rows };
}

/** The middle of a cell. */
export function middle(board: Board, { column, row }: Place): Point {
  return [board.left + (column + 0.5) * board.cell, board.top + (row + 0.5) * board.cell];
}

/** The square of a cell, smaller by `inset` at each side. */
export function square(board: Board, { column, row }: Place, inset: number, attributes: Attributes): SVGElement {
  const side = board.cell - 2 * inset;
  return rectangle(board.left + column * board.cell + inset, board.top + row * board.cell + inset, side, side, attributes);
}

/** The whole board, as one rectangle. */
export function floor(board: Board, attributes: Attributes): SVGElement {
  return rectangle(board.left, board.top, board.columns * board.cell, board.rows * board.cell, attributes);
}

/** Lines after every so many columns and rows, with those at the edges. */
export function lines(board: Board, attributes: Attributes, across = 1, down = 1): SVGElement {
  const { left, top, cell, columns, rows } = board;
  let d = "";
  for (let column = 0; column <= columns; column += across) d += `M${short(left + column * cell)} ${short(top)}v${short(rows * cell)}`;
  for (let row = 0; row <= rows; row += down) d += `M${short(left)} ${short(top + row * cell)}h${short(columns * cell)}`;
  return path(d, { "stroke-linecap": "square", ...attributes });
}

/** The path around many cells: neighbours in a row are one rectangle, so that boards of ten thousand cells stay quick. */
export function outline(board: Board, places: readonly Place[]): string {
  const { left, top, cell, columns } = board;
  const cells = Int32Array.from(places, ({ column, row }) => row * columns + column).sort();
  let d = "";
  for (let from = 0; from < cells.length; ) {
    const first = cells[from] ?? 0;
    const room = columns - (first % columns);
    let length = 1;
    while (length < room && cells[from + length] === first + length) length += 1;
    const [x, y] = [left + (first % columns) * cell, top + Math.floor(first / columns) * cell];
    d += `M${short(x)} ${short(y)}h${short(length * cell)}v${short(cell)}h${short(-length * cell)}z`;
    from += length;
  }
  return d;
}

/** Many cells as one element. */
export function area(board: Board, places: readonly Place[], attributes: Attributes): SVGElement {
  return element("path", { d: outline(board, places), ...attributes });
}

/** A whole number from `least` to `most`, or null. */
export function whole(value: unknown, least: number, most: number): number | null {
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most ? value : null;
}

/** A whole number of a text, from `least` to `most`, or null. */
export function digits(word: string | undefined, least: number, most: number): number | null {
  return word !== undefined && /^\d{1,9}$/.test(word) ? whole(Number(word), least, most) : null;
}

/** All things, or null if one of them is null. */
export function every<Item>(items: readonly (Item | null)[]): Item[] | null {
  return items.every((item) => item !== null) ? (items as Item[]) : null;
}

/** A cell told as [column, row]. */
export function place(value: unknown, columns: number, rows: number): Place | null {
  const [column, row] = [whole(list(value)[0], 0, columns - 1), whole(list(value)[1], 0, rows - 1)];
  return column === null || row === null || list(value).length !== 2 ? null : { column, row };
}

/** Cells told as [column, row]; null if one of them is something else. */
export function places(value: unknown, columns: number, rows: number): Place[] | null {
  if (!Array.isArray(value) || value.length > columns * rows) return null;
  return every(value.map((one) => place(one, columns, rows)));
}

/** All cells of a board, row by row. */
export function allPlaces({ columns, rows }: Board): Place[] {
  return Array.from({ length: columns * rows }, (_, at) => ({ column: at % columns, row: Math.floor(at / columns) }));
}

/** The two colours of a board of chess; the cell at the bottom left is dark. */
export function checkers(board: Board): SVGElement[] {
  const dark = allPlaces(board).filter(({ column, row }) => (column + board.rows - row) % 2 === 1);
  return [floor(board, { fill: colour.squareLight }), area(board, dark, { fill: colour.squareDark })];
}

/** The numbers of columns above a board and of rows beside it, from 1 on. */
export function numbersAround(on: Board, size = on.cell * 0.35): SVGElement {
  const look = { "font-size": size, fill: tone.muted };
  const columns = Array.from({ length: on.columns }, (_, column) => text(middle(on, { column, row: 0 })[0], on.top - size * 0.85, column + 1, look));
  const rows = Array.from({ length: on.rows }, (_, row) => text(on.left - size * 0.85, middle(on, { column: 0, row })[1], row + 1, look));
  return group({}, ...columns, ...rows);
}
