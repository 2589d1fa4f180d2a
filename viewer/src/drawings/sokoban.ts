/** Sokoban: walls, docks, boxes, the worker, and an arrow for the last step. */
import { area, board, digits, lines, middle, place, places, square, whole, type Board, type Place } from "./board";
import { arrow, circle, colour, path, polyline, rectangle, shortOf, tick, tint, type Point } from "./marks";
import { drawing, fields, group, picture, previous, tone, words } from "./shared";

const CELL = 40;
const LARGEST = 256;

interface Position {
  worker: Place;
  boxes: Place[];
}

/** The cells that are not shut off from a cell by walls. */
function inside(on: Board, walls: readonly Place[], from: Place): Place[] {
  const at = ({ column, row }: Place) => row * on.columns + column;
  const met = new Set([...walls.map(at), at(from)]);
  const found = [from];
  for (const { column, row } of found) {
    for (const [across, down] of [[0, 1], [1, 0], [0, -1], [-1, 0]] as const) {
      const next = { column: column + across, row: row + down };
      const isOff = next.column < 0 || next.row < 0 || next.column >= on.columns || next.row >= on.rows;
      if (isOff || met.has(at(next))) continue;
      met.add(at(next));
      found.push(next);
    }
  }
  return found;
}

/** Reads `worker 1 5 box 3 2 box 4 1`. */
function positionOf(state: string, { columns, rows }: Board): Position | null {
  const parts = words(state);
  const cells: Place[] = [];
  for (let at = 0; at < parts.length; at += 3) {
    const [column, row] = [digits(parts[at + 1], 0, columns - 1), digits(parts[at + 2], 0, rows - 1)];
    if (parts[at] !== (at === 0 ? "worker" : "box") || column === null || row === null) return null;
    cells.push({ column, row });
  }
  const [worker, ...boxes] = cells;
  return worker === undefined ? null : { worker, boxes };
}

function dock([x, y]: Point): SVGElement {
  const ring = { stroke: tone.good, "stroke-width": 3, "stroke-dasharray": "5 4", fill: tint(tone.good, 12) };
  return group({}, circle(x, y, 12, ring), circle(x, y, 3.5, { fill: tone.good }));
}

/** A crate; with a tick if it stands on a dock. */
function box([x, y]: Point, docked: boolean): SVGElement {
  const edge = docked ? tone.good : tone.ink;
  const planks = `M${x - 14} ${y - 14}l28 28m0 -28l-28 28`;
  return group(
    {},
    rectangle(x - 15, y - 15, 30, 30, { rx: 3, fill: tint(docked ? tone.good : colour.way, 55), stroke: edge, "stroke-width": 3 }),
    docked ? tick([x, y], 8, { stroke: tone.ink }) : path(planks, { stroke: edge, "stroke-width": 2, "stroke-opacity": 0.6 }),
  );
}

function worker([x, y]: Point): SVGElement {
  const body = `M${x - 10} ${y + 14}q0 -15 10 -15q10 0 10 15z`;
  const look = { fill: colour.current, stroke: tone.paper, "stroke-width": 2, "stroke-linejoin": "round" };
  return group({}, path(body, look), circle(x, y - 7, 6.5, look));
}

/** Where the worker has been on the way here, as a thin line, and the last step as an arrow. */
function steps(on: Board, states: readonly string[]): SVGElement {
  const found = states.map((state) => positionOf(state, on)).filter((position) => position !== null);
  const points = found.map((position) => middle(on, position.worker));
  const [from, to] = points.slice(-2);
  const walked = polyline(points.slice(0, -1), { stroke: colour.way, "stroke-width": 3, "stroke-opacity": 0.7 });
  if (from === undefined || to === undefined) return walked;
  return group({}, walked, arrow(from, shortOf(from, to, 17), 4, colour.current));
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [columns, rows] = [whole(puzzle.width, 1, LARGEST), whole(puzzle.height, 1, LARGEST)];
  if (columns === null || rows === null) return null;
  const on = board(columns, rows, CELL);
  const [walls, docks] = [places(puzzle.walls, columns, rows), places(puzzle.docks, columns, rows)];
  const [first, boxes] = [place(puzzle.worker, columns, rows), places(puzzle.boxes, columns, rows)];
  if (walls === null || docks === null || first === null || boxes === null) return null;
  const position = scene.state === null ? { worker: first, boxes } : positionOf(scene.state, on);
  if (position === null) return null;
  const isDock = (cell: Place) => docks.some((one) => one.column === cell.column && one.row === cell.row);
  const docked = position.boxes.filter(isDock).length;
  const { column, row } = position.worker;
  const title = `Sokoban, ${columns} by ${rows}: worker at column ${column}, row ${row}; ${docked} of ${position.boxes.length} boxes on docks`;
  return picture(
    on.left * 2 + columns * CELL,
    on.top * 2 + rows * CELL,
    title,
    area(on, inside(on, walls, first), { fill: tone.faint }),
    lines(on, { stroke: "var(--background)", "stroke-width": 1.5 }),
    ...walls.map((wall) => square(on, wall, 1, { rx: 4, fill: colour.wall })),
    ...docks.map((cell) => dock(middle(on, cell))),
    steps(on, previous(scene) === null ? [] : scene.path),
    ...position.boxes.map((cell) => box(middle(on, cell), isDock(cell))),
    worker(middle(on, position.worker)),
  );
});
