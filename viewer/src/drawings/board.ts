/** Boards of square cells: their geometry and lines, and safe reading of what stands on them. */
import { element, list, type Attributes } from "./shared";
import { path, rectangle, short, type Point } from "./marks";

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

/** Many cells as one path: neighbours in a row are one rectangle, so that boards of ten thousand cells stay quick. */
export function area(board: Board, places: Iterable<Place>, attributes: Attributes): SVGElement {
  const { left, top, cell, columns } = board;
  const cells = [...places].map(({ column, row }) => row * columns + column).sort((one, other) => one - other);
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
  return element("path", { d, ...attributes });
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
