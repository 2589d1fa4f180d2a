/** Lights out: lamps on and off, and the last press with the lamps that it switches. */
import { board, digits, middle, numbersAround, square, type Board, type Place } from "./board";
import { circle, colour, path, short, type Point } from "./marks";
import { drawing, fields, group, picture, strings, tone, words } from "./shared";

const CELL = 40;
const LARGEST = 16;
const RAYS = 8;

/** Rows of lamps: true is on. Reads rows like `0 1 0` and `010`. */
function lampsOf(rows: readonly string[]): boolean[][] | null {
  const lamps = rows.map((row) => row.replaceAll(" ", ""));
  const columns = lamps[0]?.length ?? 0;
  const fit = columns > 0 && columns <= LARGEST && lamps.length <= LARGEST;
  if (!fit || !lamps.every((row) => row.length === columns && /^[01]+$/.test(row))) return null;
  return lamps.map((row) => [...row].map((lamp) => lamp === "1"));
}

/** The place of a press such as `2 4`: row and column from 1 on. */
function pressed(move: string | null, on: Board): Place | null {
  const parts = words(move);
  const [row, column] = [digits(parts[0], 1, on.rows), digits(parts[1], 1, on.columns)];
  return row === null || column === null || parts.length !== 2 ? null : { row: row - 1, column: column - 1 };
}

function lamp([x, y]: Point, isOn: boolean): SVGElement {
  if (!isOn) return circle(x, y, 7, { fill: "none", stroke: tone.muted, "stroke-width": 2 });
  const ray = (_: unknown, place: number) => {
    const angle = (2 * Math.PI * place) / RAYS;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    return `M${short(x + 11 * dx)} ${short(y + 11 * dy)}L${short(x + 15 * dx)} ${short(y + 15 * dy)}`;
  };
  const rays = path(Array.from({ length: RAYS }, ray).join(""), { stroke: colour.on, "stroke-width": 2.5, "stroke-linecap": "round" });
  return group({}, circle(x, y, 7.5, { fill: tone.paper, stroke: colour.on, "stroke-width": 2.5 }), rays);
}

/** The press, and the lamps around it that it switches too. */
function press(on: Board, at: Place): SVGElement[] {
  const around: Place[] = [at, ...([[0, 1], [1, 0], [0, -1], [-1, 0]] as const).map(([dx, dy]) => ({ column: at.column + dx, row: at.row + dy }))];
  const inside = around.filter(({ column, row }) => column >= 0 && row >= 0 && column < on.columns && row < on.rows);
  const frames = inside.map((cell) => square(on, cell, 2, { fill: "none", rx: 6, stroke: colour.current, "stroke-width": 2.5, "stroke-dasharray": "5 4" }));
  return [...frames, square(on, at, 2, { fill: "none", rx: 6, stroke: colour.current, "stroke-width": 4.5 })];
}

export const draw = drawing((scene) => {
  const rows = scene.state === null ? strings(fields(scene.puzzle).lamps, LARGEST) : scene.state.split(" / ");
  const lamps = rows === null ? null : lampsOf(rows);
  if (lamps === null) return null;
  const on = board(lamps[0]?.length ?? 0, lamps.length, CELL, 26);
  const cells = lamps.flatMap((line, row) => line.map((isOn, column) => ({ isOn, at: { column, row } })));
  const lit = cells.filter(({ isOn }) => isOn).length;
  const last = pressed(scene.move, on);
  return picture(
    on.left + on.columns * CELL + 6,
    on.top + on.rows * CELL + 6,
    `Lights out, ${on.rows} by ${on.columns}: ${lit} lamps on${last === null ? "" : `, row ${last.row + 1} column ${last.column + 1} pressed last`}`,
    numbersAround(on),
    ...cells.map(({ isOn, at }) => square(on, at, 2, { rx: 6, fill: isOn ? colour.lamp : tone.faint, stroke: tone.line, "stroke-width": 1 })),
    ...cells.map(({ isOn, at }) => lamp(middle(on, at), isOn)),
    ...(last === null ? [] : press(on, last)),
  );
});
