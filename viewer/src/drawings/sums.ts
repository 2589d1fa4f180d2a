/** The sums of rows and columns beside a board: what they must be, and what they are now. */
import { middle, whole, type Board } from "./board";
import { colour, tick } from "./marks";
import { group, list, text, tone } from "./shared";

/** The sums of a puzzle; null if there are none or more than `most`. */
export function sumsIn(value: unknown, most: number): number[] | null {
  const sums = list(value).map((sum) => whole(sum, 0, 99_999));
  return sums.length > 0 && sums.length <= most && sums.every((sum) => sum !== null) ? sums : null;
}

/** What is known of the sum of a line: the cells that are decided, and whether all are. */
export interface Sum {
  target: number;
  now: number;
  complete: boolean;
}

function drawSum([x, y]: readonly [number, number], { target, now, complete }: Sum): SVGElement {
  const right = complete && now === target;
  const wrong = now > target || (complete && now < target);
  const look = { "font-size": 10, fill: wrong ? colour.error : tone.muted, "font-weight": wrong ? 700 : 400 };
  const below = right ? tick([x, y + 14], 5) : text(x, y + 13, `now ${now}`, look);
  return group({}, text(x, y - 4, target, { "font-size": 17, "font-weight": 700, fill: wrong ? colour.error : tone.ink }), below);
}

/** Sums right of the rows and below the columns. */
export function drawSums(on: Board, rows: readonly Sum[], columns: readonly Sum[]): SVGElement {
  const right = on.left + on.columns * on.cell + 24;
  const below = on.top + on.rows * on.cell + 18;
  return group(
    {},
    ...rows.map((sum, row) => drawSum([right, middle(on, { column: 0, row })[1]], sum)),
    ...columns.map((sum, column) => drawSum([middle(on, { column, row: 0 })[0], below], sum)),
  );
}

/** How much the sums take at the right and below a board. */
export const SUMS = 48;
