/** A maze: visited cells coloured from the first to the last, the way to the current cell, and the solution as dots. */
import { area, board, digits, floor, lines, middle, place, places, whole, type Board, type Place } from "./board";
import { circle, colour, polyline, star, tint } from "./marks";
import { orderKey, shadeColour, shadeOf, SHADES } from "./order";
import { drawing, fields, group, picture, text, tone, words } from "./shared";
import type { Scene } from "./scene";

const CELL = 40;
const LARGEST = 256;
/** Boards with at most so many columns have the order of visits as numbers. */
const NUMBERED = 16;

function cellOf(state: string, { columns, rows }: Board): Place | null {
  const [x, y, ...rest] = words(state);
  const [column, row] = [digits(x, 0, columns - 1), digits(y, 0, rows - 1)];
  return column === null || row === null || rest.length > 0 ? null : { column, row };
}

/** The cells of states, without those that are none. */
function cellsOf(states: readonly string[], maze: Board): Place[] {
  return states.map((state) => cellOf(state, maze)).filter((cell) => cell !== null);
}

/** Visited cells by shade, and as numbers where there is room. */
function visited(scene: Scene, maze: Board): SVGElement[] {
  const shades: Place[][] = Array.from({ length: SHADES }, () => []);
  const numbers: SVGElement[] = [];
  for (const [state, order] of scene.seen) {
    const cell = cellOf(state, maze);
    if (cell === null) continue;
    shades[shadeOf(order, scene.seen.size)]?.push(cell);
    if (maze.columns > NUMBERED || maze.rows > NUMBERED) continue;
    const [x, y] = middle(maze, cell);
    numbers.push(text(x, y, order + 1, { "font-size": 14 }));
  }
  const areas = shades.map((cells, shade) => area(maze, cells, { fill: shadeColour(shade) }));
  return [...areas, ...numbers];
}

/** The way through cells, with an edge that sets it off from what is below. */
function way(maze: Board, cells: readonly Place[]): SVGElement {
  const points = cells.map((cell) => middle(maze, cell));
  const line = (colour: string, width: number) => polyline(points, { stroke: colour, "stroke-width": width * CELL });
  return group({}, line(tone.paper, 0.42), line(colour.way, 0.26));
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [columns, rows] = [whole(puzzle.width, 1, LARGEST), whole(puzzle.height, 1, LARGEST)];
  if (columns === null || rows === null) return null;
  const maze = board(columns, rows, CELL);
  const walls = places(puzzle.walls, columns, rows);
  const [start, goal] = [place(puzzle.start, columns, rows), place(puzzle.goal, columns, rows)];
  const current = scene.state === null ? start : cellOf(scene.state, maze);
  if (walls === null || start === null || goal === null || current === null) return null;
  const solution = cellsOf(scene.solution ?? [], maze).map((cell) => middle(maze, cell));
  const title = `Maze of ${columns} by ${rows} cells, at column ${current.column}, row ${current.row}; ${scene.seen.size} visited`;
  const key = orderKey(maze, scene.seen.size);
  // on large boards marks are larger than cells, so that they can be found
  const mark = Math.max(CELL, (columns * CELL) / 22);
  return picture(
    maze.left * 2 + columns * CELL,
    maze.top * 2 + rows * CELL + key.height,
    title,
    floor(maze, { fill: tone.paper }),
    ...visited(scene, maze),
    lines(maze, { stroke: tint(tone.line, 35), "stroke-width": 1 }),
    area(maze, walls, { fill: colour.wall }),
    floor(maze, { fill: "none", stroke: colour.wall, "stroke-width": 4 }),
    way(maze, cellsOf(scene.path, maze)),
    polyline(solution, { stroke: tone.good, "stroke-width": mark * 0.14, "stroke-dasharray": `0 ${mark * 0.25}` }),
    circle(...middle(maze, start), mark * 0.34, { fill: tone.paper, stroke: tone.ink, "stroke-width": 3 }),
    text(...middle(maze, start), "S", { "font-size": mark * 0.45, "font-weight": 700 }),
    star(middle(maze, goal), mark * 0.46, { fill: colour.goal, stroke: tone.paper, "stroke-width": 2 }),
    circle(...middle(maze, current), mark * 0.28, { fill: colour.current, stroke: tone.paper, "stroke-width": 4 }),
    key.drawn,
  );
});
