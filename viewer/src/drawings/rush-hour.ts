/** Rush hour: cars with their letters, the exit, and an arrow for the last slide. */
import { board, digits, every, floor, lines, middle, places, square, whole, type Board } from "./board";
import { arrow, colour, cross, piece, rectangle, tint, type Point } from "./marks";
import { drawing, fields, group, list, picture, previous, text, tone, words } from "./shared";

const CELL = 40;
const LARGEST = 16;
const MOST_CARS = 26;

interface Car {
  letter: string;
  across: boolean;
  length: number;
  /** Its row if it stands across, else its column. */
  lane: number;
  /** How far it is from the left or upper edge. */
  offset: number;
}

function carOf(value: unknown, place: number, size: number): Car | null {
  const car = fields(value);
  const [x, y, length] = [whole(car.x, 0, size - 1), whole(car.y, 0, size - 1), whole(car.length, 1, size)];
  if (x === null || y === null || length === null || typeof car.across !== "boolean") return null;
  const [offset, lane] = car.across ? [x, y] : [y, x];
  return { letter: String.fromCharCode(65 + place), across: car.across, length, lane, offset };
}

/** The cars at the offsets that a state lists. */
function moved(cars: readonly Car[], state: string, size: number): Car[] | null {
  const offsets = words(state).map((word) => digits(word, 0, size - 1));
  if (offsets.length !== cars.length) return null;
  return every(cars.map((car, place) => (offsets[place] == null ? null : { ...car, offset: offsets[place] })));
}

/** The middle of a car's square that is so many squares from its left or upper end. */
function along(on: Board, car: Car, squares: number): Point {
  const [far, aside] = [(car.offset + squares + 0.5) * CELL, (car.lane + 0.5) * CELL];
  return car.across ? [on.left + far, on.top + aside] : [on.left + aside, on.top + far];
}

function drawCar(on: Board, car: Car, place: number, isLast: boolean): SVGElement {
  const [x, y] = along(on, car, 0);
  const [width, height] = car.across ? [car.length * CELL, CELL] : [CELL, car.length * CELL];
  const paint = place === 0 ? "var(--piece-6)" : piece(place % 5);
  const edge = { stroke: isLast ? colour.current : tone.ink, "stroke-width": isLast ? 4.5 : 2 };
  const body = { rx: 9, fill: tint(paint, place === 0 ? 85 : 45), ...edge };
  const [middleX, middleY] = [x - CELL / 2 + width / 2, y - CELL / 2 + height / 2];
  return group(
    {},
    rectangle(x - CELL / 2 + 4, y - CELL / 2 + 4, width - 8, height - 8, body),
    text(middleX, middleY, car.letter, { "font-size": 20, "font-weight": 700, fill: place === 0 ? colour.on : tone.ink }),
  );
}

/** An arrow beside the letter, from where a car stood to where it stands. */
function slide(on: Board, car: Car, from: Car): SVGElement {
  const forward = car.offset > from.offset;
  const [tail, head] = forward ? [from.offset - car.offset, car.length - 1] : [from.offset - car.offset + car.length - 1, 0];
  const [start, end] = [along(on, car, tail), along(on, car, head + (forward ? 0.35 : -0.35))];
  const aside: Point = car.across ? [0, 13] : [13, 0];
  return arrow([start[0] + aside[0], start[1] + aside[1]], [end[0] + aside[0], end[1] + aside[1]], 3.5, colour.current);
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const size = whole(puzzle.size, 1, LARGEST);
  const exit = size === null ? null : whole(puzzle.exit, 0, size - 1);
  if (size === null || exit === null) return null;
  const [given, walls] = [list(puzzle.cars), places(puzzle.walls ?? [], size, size)];
  const start = given.length > MOST_CARS ? null : every(given.map((car, place) => carOf(car, place, size)));
  if (start === null || walls === null) return null;
  const cars = scene.state === null ? start : moved(start, scene.state, size);
  if (cars === null) return null;
  const before = previous(scene);
  const old = before === null ? null : moved(start, before, size);
  const last = cars.findIndex((car, place) => old !== null && old[place]?.offset !== car.offset);
  const on = board(size, size, CELL, 10);
  const [right, door] = [on.left + size * CELL, on.top + (exit + 0.5) * CELL];
  const [mover, origin] = [cars[last], old?.[last]];
  return picture(
    right + 40,
    on.top * 2 + size * CELL,
    `Rush hour, ${size} by ${size}, exit in row ${exit}: ${cars.map((car) => `${car.letter} at ${car.offset}`).join(", ")}`,
    floor(on, { fill: tone.faint }),
    lines(on, { stroke: tint(tone.line, 40), "stroke-width": 1 }),
    floor(on, { fill: "none", stroke: tone.ink, "stroke-width": 5 }),
    rectangle(right - 3, door - CELL / 2 + 2, 6, CELL - 4, { fill: tone.faint }),
    arrow([right + 6, door], [right + 34, door], 5, "var(--piece-6)"),
    ...walls.map((wall) => group({}, square(on, wall, 2, { fill: colour.wall, rx: 3 }), cross(middle(on, wall), 8, { stroke: tone.paper }))),
    ...cars.map((car, place) => drawCar(on, car, place, place === last)),
    mover !== undefined && origin !== undefined && slide(on, mover, origin),
  );
});
