/** Knights on a board: blocked squares, where they have been or must go, and an arrow for the last jump. */
import { checkers, digits, every, floor, middle, square, whole, type Board, type Place } from "./board";
import { arrow, circle, colour, cross, polyline, shortOf, star } from "./marks";
import { knight } from "./figures";
import { orderKey, shadeColour, shadeOf } from "./order";
import { drawing, fields, fitting, group, picture, strings, text, tone, words } from "./shared";
import type { Scene } from "./scene";

const CELL = 40;
const LARGEST = 26;
const NOTE = "disk: the colour that must go there";

/** The place of a square such as `b3`; the first rank is at the bottom. */
function squareOf(name: string, { columns, rows }: Board): Place | null {
  const column = digits(String(name.charCodeAt(0) - 97), 0, columns - 1);
  const rank = digits(name.slice(1), 1, rows);
  return column === null || rank === null ? null : { column, row: rows - rank };
}

function squaresOf(names: readonly string[] | null, on: Board): Place[] | null {
  return names === null ? null : every(names.map((name) => squareOf(name, on)));
}

/** The squares of white and of black knights in `b1 a2 | c3`. */
function positionOf(state: string, on: Board): Place[][] | null {
  return every(state.split("|").map((part) => squaresOf(words(part), on)));
}

function names(on: Board): SVGElement {
  const look = { "font-size": 14, fill: tone.muted };
  const below = on.top + on.rows * CELL + 12;
  const files = Array.from({ length: on.columns }, (_, column) => text(middle(on, { column, row: 0 })[0], below, String.fromCharCode(97 + column), look));
  const ranks = Array.from({ length: on.rows }, (_, row) => text(on.left - 11, middle(on, { column: 0, row })[1], on.rows - row, look));
  return group({}, ...files, ...ranks);
}

/** Squares that a single knight has visited, with their order. */
function visited(scene: Scene, on: Board): SVGElement[] {
  return [...scene.seen].flatMap(([state, order]) => {
    const at = squareOf(state, on);
    if (at === null) return [];
    const [x, y] = middle(on, at);
    return [square(on, at, 1.5, { fill: shadeColour(shadeOf(order, scene.seen.size)) }), text(x + 13, y - 12, order + 1, { "font-size": 10 })];
  });
}

/** A knight that can be told from those of the other colour by its filling. */
function piece(on: Board, at: Place, isWhite: boolean): SVGElement {
  const [body, edge] = isWhite ? [colour.white, colour.on] : [colour.on, colour.white];
  return knight(middle(on, at), 32, { fill: body, stroke: edge }, edge);
}

/** A small disk in the corner of a square where a knight of this colour must go. */
function goal(on: Board, at: Place, isWhite: boolean): SVGElement {
  const [x, y] = middle(on, at);
  return circle(x + 14, y + 14, 4, { fill: isWhite ? colour.white : colour.on, stroke: isWhite ? colour.on : colour.white, "stroke-width": 1.5 });
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [columns, rows] = [whole(puzzle.width, 1, LARGEST), whole(puzzle.height, 1, LARGEST)];
  if (columns === null || rows === null) return null;
  const on: Board = { left: 22, top: 6, cell: CELL, columns, rows };
  const single = puzzle.task === "path";
  const listed = (name: string) => squaresOf(typeof puzzle[name] === "string" ? [puzzle[name]] : strings(puzzle[name], columns * rows), on);
  const [blocked, white, black] = [listed("blocked"), listed(single ? "start" : "white"), listed(single ? "goal" : "black")];
  if (blocked === null || white === null || black === null) return null;
  const position = scene.state === null ? [white, single ? [] : black] : positionOf(scene.state, on);
  if (position === null || position.length > 2) return null;
  const [from, to] = words(scene.move).map((name) => squareOf(name, on));
  const way = single ? scene.path.map((state) => squareOf(state, on)).filter((at) => at !== null).map((at) => middle(on, at)) : [];
  const jumped = from != null && to != null;
  const key = orderKey({ ...on, top: on.top + 22 }, single ? scene.seen.size : 0);
  const note = text(on.left + (columns * CELL) / 2, on.top + rows * CELL + 32, NOTE, { "font-size": fitting(NOTE, columns * CELL, 12), fill: tone.muted });
  return picture(
    on.left + columns * CELL + 6,
    on.top + rows * CELL + 22 + (single ? key.height : 18),
    `Knights on a board of ${columns} by ${rows}: ${scene.state ?? "at the start"}`,
    ...checkers(on),
    ...(single ? visited(scene, on) : []),
    ...blocked.map((at) => group({}, square(on, at, 0, { fill: colour.wall }), cross(middle(on, at), 9, { stroke: tone.paper }))),
    floor(on, { fill: "none", stroke: tone.line, "stroke-width": 2 }),
    names(on),
    ...black.map((at) => (single ? star(middle(on, at), 15, { fill: colour.goal, stroke: tone.paper, "stroke-width": 2 }) : goal(on, at, true))),
    ...(single ? [] : white.map((at) => goal(on, at, false))),
    polyline(way.slice(0, -1), { stroke: colour.way, "stroke-width": 4 }),
    jumped && arrow(middle(on, from), shortOf(middle(on, from), middle(on, to), 17), 4, colour.current),
    ...position.flatMap((knights, at) => knights.map((one) => piece(on, one, at === 0))),
    single ? key.drawn : note,
  );
});
