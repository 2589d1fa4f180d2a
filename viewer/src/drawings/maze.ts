/** A maze: visited cells coloured from the first to the last, the way to the current cell, and the solution as dots. */
import { allPlaces, area, board, floor, lines, middle, outline, place, places, whole, type Board, type Place } from "./board";
import { circle, colour, path, polyline, star, tint } from "./marks";
import { orderKey, shadeColour, shadeOf, SHADES } from "./order";
import { drawing, fields, group, picture, text, tone } from "./shared";
import type { Scene } from "./scene";

const CELL = 40;
const LARGEST = 256;
/** Boards with at most so many columns have the order of visits as numbers. */
const NUMBERED = 16;

/** A maze as it was read from its puzzle. */
interface Maze {
  on: Board;
  /** Each cell by its text, `3 14`: forty thousand of them can be visited, so they are not read at each step. */
  cells: Map<string, Place>;
  /** The path around the walls. */
  walls: string;
  start: Place;
  goal: Place;
}

/** Mazes by their puzzles, as long as these are kept: a maze is drawn anew at each step. */
const MAZES = new WeakMap<object, Maze>();

function read(puzzle: Record<string, unknown>): Maze | null {
  const [columns, rows] = [whole(puzzle.width, 1, LARGEST), whole(puzzle.height, 1, LARGEST)];
  if (columns === null || rows === null) return null;
  const on = board(columns, rows, CELL);
  const walls = places(puzzle.walls, columns, rows);
  const [start, goal] = [place(puzzle.start, columns, rows), place(puzzle.goal, columns, rows)];
  if (walls === null || start === null || goal === null) return null;
  const cells = new Map(allPlaces(on).map((cell) => [`${cell.column} ${cell.row}`, cell]));
  return { on, cells, walls: outline(on, walls), start, goal };
}

/** The cells of states, without those that are none. */
function cellsOf(states: readonly string[], { cells }: Maze): Place[] {
  return states.map((state) => cells.get(state)).filter((cell) => cell !== undefined);
}

/** Visited cells by shade, and as numbers where there is room. */
function visited(scene: Scene, { on, cells: known }: Maze): SVGElement[] {
  const shades: Place[][] = Array.from({ length: SHADES }, () => []);
  const numbers: SVGElement[] = [];
  for (const [state, order] of scene.seen) {
    const cell = known.get(state);
    if (cell === undefined) continue;
    shades[shadeOf(order, scene.seen.size)]?.push(cell);
    if (on.columns > NUMBERED || on.rows > NUMBERED) continue;
    const [x, y] = middle(on, cell);
    numbers.push(text(x, y, order + 1, { "font-size": 14 }));
  }
  const areas = shades.map((cells, shade) => area(on, cells, { fill: shadeColour(shade) }));
  return [...areas, ...numbers];
}

/** The way through cells, with an edge that sets it off from what is below. */
function way(on: Board, cells: readonly Place[]): SVGElement {
  const points = cells.map((cell) => middle(on, cell));
  const line = (colour: string, width: number) => polyline(points, { stroke: colour, "stroke-width": width * CELL });
  return group({}, line(tone.paper, 0.42), line(colour.way, 0.26));
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const maze = MAZES.get(puzzle) ?? read(puzzle);
  if (maze === null) return null;
  MAZES.set(puzzle, maze);
  const { on, start, goal } = maze;
  const { columns, rows } = on;
  const current = scene.state === null ? start : maze.cells.get(scene.state);
  if (current === undefined) return null;
  const solution = cellsOf(scene.solution ?? [], maze).map((cell) => middle(on, cell));
  const title = `Maze of ${columns} by ${rows} cells, at column ${current.column}, row ${current.row}; ${scene.seen.size} visited`;
  const key = orderKey(on, scene.seen.size);
  // on large boards marks are larger than cells, so that they can be found
  const mark = Math.max(CELL, (columns * CELL) / 22);
  return picture(
    on.left * 2 + columns * CELL,
    on.top * 2 + rows * CELL + key.height,
    title,
    floor(on, { fill: tone.paper }),
    ...visited(scene, maze),
    lines(on, { stroke: tint(tone.line, 35), "stroke-width": 1 }),
    path(maze.walls, { fill: colour.wall }),
    floor(on, { fill: "none", stroke: colour.wall, "stroke-width": 4 }),
    way(on, cellsOf(scene.path, maze)),
    polyline(solution, { stroke: tone.good, "stroke-width": mark * 0.14, "stroke-dasharray": `0 ${mark * 0.25}` }),
    circle(...middle(on, start), mark * 0.34, { fill: tone.paper, stroke: tone.ink, "stroke-width": 3 }),
    text(...middle(on, start), "S", { "font-size": mark * 0.45, "font-weight": 700 }),
    star(middle(on, goal), mark * 0.46, { fill: colour.goal, stroke: tone.paper, "stroke-width": 2 }),
    circle(...middle(on, current), mark * 0.28, { fill: colour.current, stroke: tone.paper, "stroke-width": 4 }),
    key.drawn,
  );
});
