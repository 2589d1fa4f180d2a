/** The Tower of Hanoi: pegs and disks, an arrow for the last move, and the goal below. */
import { arrow, colour, path, piece, rectangle, tint, type Point } from "./marks";
import { digits, every } from "./board";
import { drawing, fields, group, list, numbers, picture, text, tone, words } from "./shared";

const MOST_PEGS = 8;
const MOST_DISKS = 16;
const HEIGHT = 22;
const BASE = 10;

type Pegs = number[][];

/** The pegs of `[ 2 | 4 1 | 3 ]`: the disks of each from the bottom up. */
function pegsOf(state: string): Pegs | null {
  const inner = /^\[(.*)\]$/.exec(state.trim())?.[1];
  return inner === undefined ? null : every(inner.split("|").map((peg) => every(words(peg).map((disk) => digits(disk, 1, MOST_DISKS)))));
}

function pegsIn(value: unknown): Pegs | null {
  return Array.isArray(value) ? every(list(value).map((peg) => numbers(peg, MOST_DISKS))) : null;
}

/** How the pegs are drawn: their sizes depend on how many disks and pegs there are. */
interface Look {
  left: number;
  base: number;
  peg: number;
  disks: number;
  scale: number;
}

const middle = (look: Look, peg: number): number => look.left + (peg + 0.5) * look.peg * look.scale;
const level = (look: Look, place: number): number => look.base - (place + 0.5) * HEIGHT * look.scale;

function drawDisk(look: Look, disk: number, peg: number, place: number, isLast: boolean): SVGElement {
  const width = look.peg * look.scale * (0.3 + (0.62 * disk) / look.disks);
  const [x, y, height] = [middle(look, peg), level(look, place), HEIGHT * look.scale];
  const edge = { stroke: isLast ? colour.current : tone.ink, "stroke-width": (isLast ? 4 : 1.5) * look.scale };
  return group(
    {},
    rectangle(x - width / 2, y - height / 2 + 1, width, height - 2, { rx: height / 3, fill: tint(piece(disk - 1), 45), ...edge }),
    text(x, y, disk, { "font-size": 15 * look.scale, "font-weight": 600 }),
  );
}

function drawPegs(look: Look, pegs: Pegs, last: number | null): SVGElement {
  const { base, scale, disks } = look;
  const width = pegs.length * look.peg * scale;
  const height = (disks + 0.7) * HEIGHT * scale;
  const rods = pegs.map((_, peg) => rectangle(middle(look, peg) - 3 * scale, base - height, 6 * scale, height, { rx: 3 * scale, fill: tone.muted }));
  const letters = { "font-size": Math.max(17, (pegs.length * look.peg) / 26) * scale, fill: tone.muted };
  const names = pegs.map((_, peg) => text(middle(look, peg), base + (BASE + 12) * scale, String.fromCharCode(65 + peg), letters));
  const drawn = pegs.flatMap((peg, at) => peg.map((disk, place) => drawDisk(look, disk, at, place, disk === last)));
  return group({}, ...rods, rectangle(look.left, base, width, BASE * scale * 0.7, { rx: 3 * scale, fill: tone.muted }), ...names, ...drawn);
}

/** A bow from the peg that the disk left to the disk. */
function bow(look: Look, pegs: Pegs, [from, to]: Point): SVGElement {
  const [x1, x2] = [middle(look, from), middle(look, to)];
  const top = look.base - (look.disks + 0.7) * HEIGHT - 6;
  const end = level(look, (pegs[to]?.length ?? 1) - 1) - HEIGHT / 2 - 2;
  const line = { stroke: colour.current, "stroke-width": 4 };
  const side = x2 > x1 ? -12 : 12;
  const over = path(`M${x1} ${top + 10}C${x1} ${top - 30} ${x2 + side} ${top - 30} ${x2 + side} ${top + 4}`, line);
  return group({}, over, arrow([x2 + side, top], [x2 + side, end], 4, colour.current));
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [pegs, goal] = [scene.state === null ? pegsIn(puzzle.start) : pegsOf(scene.state), pegsIn(puzzle.goal)];
  const disks = Math.max(0, ...(goal ?? []).flat());
  const fits = (some: Pegs) => some.length > 0 && some.length <= MOST_PEGS && some.flat().every((disk) => Number.isInteger(disk) && disk >= 1 && disk <= disks);
  if (pegs === null || goal === null || disks > MOST_DISKS || !fits(pegs) || !fits(goal)) return null;
  const [disk, from, , to] = words(scene.move);
  const moved = digits(disk, 1, disks);
  const [left, right] = [from, to].map((peg) => (peg === undefined || peg.length !== 1 ? -1 : peg.charCodeAt(0) - 65));
  const peg = Math.max(76, 44 + disks * 9);
  const look: Look = { left: 8, base: 44 + (disks + 0.7) * HEIGHT, peg, disks, scale: 1 };
  const small: Look = { left: 8 + pegs.length * peg * 0.24, base: look.base + 44 + (disks + 0.7) * HEIGHT * 0.58, peg, disks, scale: 0.58 };
  const known = (at: number | undefined): at is number => at !== undefined && pegs[at] !== undefined;
  return picture(
    16 + pegs.length * peg,
    small.base + 22,
    `Tower of Hanoi: ${pegs.map((one, at) => `${String.fromCharCode(65 + at)} ${one.join(" ") || "empty"}`).join(", ")}`,
    drawPegs(look, pegs, moved),
    moved !== null && known(left) && known(right) && bow(look, pegs, [left, right]),
    text(small.left - 10, small.base - 8, "Goal", { "font-size": 17, fill: tone.muted, "text-anchor": "end" }),
    drawPegs(small, goal, null),
  );
});
