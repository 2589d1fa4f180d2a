/** Sliding tiles: the board, tiles at home set off, an arrow for the last slide, and the goal beside it. */
import { board, digits, middle, square, whole, type Board, type Place } from "./board";
import { arrow, colour, tick } from "./marks";
import { drawing, fields, group, numbers, picture, text, tone, words } from "./shared";

const CELL = 60;
const LARGEST = 8;

/** All tiles once, the blank as 0; null if it is something else. */
function tilesOf(tiles: readonly (number | null)[] | null, cells: number): number[] | null {
  const sorted = [...(tiles ?? [])].sort((one, other) => Number(one) - Number(other));
  const each = sorted.length === cells && sorted.every((tile, place) => tile === place);
  return each ? (tiles as number[]) : null;
}

const placeOf = (on: Board, cell: number): Place => ({ column: cell % on.columns, row: Math.floor(cell / on.columns) });

function drawTiles(on: Board, tiles: readonly number[], goal: readonly number[], last: number | null): SVGElement {
  const { cell } = on;
  const drawn = tiles.map((tile, at) => {
    if (tile === 0) return null;
    const [home, isLast] = [goal[at] === tile, tile === last];
    const edge = { stroke: isLast ? colour.current : tone.line, "stroke-width": isLast ? cell / 15 : cell / 40 };
    const [x, y] = middle(on, placeOf(on, at));
    return group(
      {},
      square(on, placeOf(on, at), cell / 20, { rx: cell / 8, fill: home ? colour.soft : tone.paper, ...edge }),
      text(x, y, tile, { "font-size": cell * 0.46, "font-weight": 600 }),
      home && tick([x + cell * 0.31, y - cell * 0.31], cell * 0.07),
    );
  });
  const edge = square({ ...on, cell: on.cell * on.columns }, { column: 0, row: 0 }, 0, { fill: tone.faint, rx: cell / 8 });
  edge.setAttribute("height", String(on.rows * on.cell));
  return group({}, edge, ...drawn);
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [columns, rows] = [whole(puzzle.columns, 1, LARGEST), whole(puzzle.rows, 1, LARGEST)];
  if (columns === null || rows === null) return null;
  const cells = columns * rows;
  const plainGoal = Array.from({ length: cells }, (_, cell) => (cell + 1) % cells);
  const goal = tilesOf(puzzle.goal === undefined ? plainGoal : numbers(puzzle.goal, cells), cells);
  const told = scene.state === null ? numbers(puzzle.tiles, cells) : words(scene.state).map((word) => digits(word, 0, cells));
  const tiles = tilesOf(told, cells);
  if (goal === null || tiles === null) return null;
  const on = board(columns, rows, CELL, 8);
  const small = board(columns, rows, CELL * 0.36, on.left * 2 + columns * CELL + 14, 34);
  const slid = scene.move === null ? null : digits(words(scene.move)[1], 1, cells - 1);
  const [blank, at] = [tiles.indexOf(0), slid === null ? -1 : tiles.indexOf(slid)];
  const [from, to] = [middle(on, placeOf(on, blank)), middle(on, placeOf(on, at))];
  const lead = ([x, y]: readonly [number, number], share: number) => [from[0] + (x - from[0]) * share, from[1] + (y - from[1]) * share] as const;
  const home = tiles.filter((tile, cell) => tile !== 0 && goal[cell] === tile).length;
  const label = { "font-size": 16, fill: tone.muted, "text-anchor": "start" };
  return picture(
    small.left + columns * small.cell + 8,
    Math.max(on.top * 2 + rows * CELL, small.top + rows * small.cell + 8),
    `Sliding tiles, ${rows} by ${columns}: ${tiles.join(" ")}; ${home} of ${cells - 1} at home`,
    drawTiles(on, tiles, goal, slid),
    at >= 0 && arrow(lead(to, -0.25), lead(to, 0.45), 5, colour.current),
    text(small.left, 18, "Goal", label),
    drawTiles(small, goal, [], null),
  );
});
