/** Water jugs: each as high as it holds, filled to its level, with an arrow for what was poured last. */
import { drawing, element, fields, group, number, numbers, picture, text, tone, words } from "./shared";

const WIDTH = 54;
const GAP = 34;
const TALLEST = 150;
const TOP = 56;
const MOST_JUGS = 8;

interface Jug {
  name: string;
  x: number;
  height: number;
  size: number;
  held: number;
}

const bottom = TOP + TALLEST;

function drawJug(jug: Jug, target: number): SVGElement {
  const { x, height, size, held } = jug;
  const top = bottom - height;
  const level = bottom - (height * Math.min(held, size)) / size;
  const measured = held === target;
  const water = { x: x + 2, y: level, width: WIDTH - 4, height: bottom - level, fill: tone.accent, "fill-opacity": 0.35 };
  // one mark a litre, as far as they stay apart
  const marks = size <= 20 ? Array.from({ length: size - 1 }, (_, litre) => bottom - (height * (litre + 1)) / size) : [];
  return group(
    {},
    element("rect", water),
    held > 0 && element("line", { x1: x + 2, x2: x + WIDTH - 2, y1: level, y2: level, stroke: tone.accent, "stroke-width": 2.5 }),
    ...marks.map((at) => element("line", { x1: x, x2: x + 7, y1: at, y2: at, stroke: tone.muted, "stroke-width": 1 })),
    element("path", { d: `M${x - 3} ${top} L${x} ${top + 3} V${bottom} H${x + WIDTH} V${top + 3} L${x + WIDTH + 3} ${top}`, fill: "none", stroke: tone.ink, "stroke-width": 2.5, "stroke-linejoin": "round" }),
    target <= size && element("line", { x1: x + 8, x2: x + WIDTH, y1: bottom - (height * target) / size, y2: bottom - (height * target) / size, stroke: tone.good, "stroke-width": 2, "stroke-dasharray": "5 3" }),
    text(x + WIDTH / 2, bottom + 20, `${held} of ${size}${measured ? " ✓" : ""}`, { "font-size": 15, "font-weight": 600, fill: measured ? tone.good : tone.ink }),
    text(x + WIDTH / 2, bottom + 40, jug.name, { "font-size": 14, fill: tone.muted }),
  );
}

/** An arrow from one point to another, by way of a third above them. */
function arrow(points: [number, number][]): SVGElement {
  const [from, over, to] = points;
  if (!from || !over || !to) return group({});
  const head = `M${to[0] - 6} ${to[1] - 9} L${to[0]} ${to[1]} L${to[0] + 6} ${to[1] - 9}`;
  return group(
    { fill: "none", stroke: tone.now, "stroke-width": 3, "stroke-linecap": "round", "stroke-linejoin": "round" },
    element("path", { d: `M${from[0]} ${from[1]} Q${over[0]} ${over[1]} ${to[0]} ${to[1]}` }),
    element("path", { d: head }),
  );
}

/** What the last move poured, as an arrow above the jugs: from the tap, into the drain, or from jug to jug. */
function poured(move: string | null, jugs: Jug[]): SVGElement | null {
  const [verb, first, second] = words(move);
  const jug = jugs.find((one) => one.name === first);
  const middle = (one: Jug): number => one.x + WIDTH / 2;
  if (!jug) return null;
  const top = bottom - jug.height;
  const said = (word: string) => text(middle(jug), top - 44, word, { "font-size": 13, fill: tone.now, "font-weight": 600 });
  if (verb === "fill") return group({}, said("fill"), arrow([[middle(jug), top - 34], [middle(jug), top - 20], [middle(jug), top - 6]]));
  // a small jug has no room for an arrow to its drain
  const drain = jug.height < 44 ? null : arrow([[middle(jug), top + 10], [middle(jug), top + 20], [middle(jug), bottom - 6]]);
  if (verb === "empty") return group({}, text(middle(jug), top - 12, "empty", { "font-size": 13, fill: tone.now, "font-weight": 600 }), drain);
  const other = jugs.find((one) => one.name === second);
  if (verb !== "pour" || !other) return null;
  const height = Math.min(top, bottom - other.height) - 30;
  return arrow([[middle(jug), top - 6], [(middle(jug) + middle(other)) / 2, height], [middle(other), bottom - other.height - 6]]);
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const sizes = numbers(puzzle.sizes, MOST_JUGS);
  const target = number(puzzle.target);
  if (sizes === null || sizes.length === 0 || target === null || sizes.some((size) => size < 1 || size > 10_000)) return null;
  const start = numbers(puzzle.start, MOST_JUGS) ?? sizes.map(() => 0);
  const held = scene.state === null ? start : words(scene.state).map(Number);
  if (held.length !== sizes.length || held.some((litres) => !Number.isInteger(litres) || litres < 0)) return null;
  const largest = Math.max(...sizes);
  const width = Math.max(300, GAP + sizes.length * (WIDTH + GAP));
  const left = (width - sizes.length * (WIDTH + GAP) + GAP) / 2;
  const jugs = sizes.map((size, place) => ({
    name: String.fromCharCode(97 + place),
    x: left + place * (WIDTH + GAP),
    height: Math.max(22, (TALLEST * size) / largest),
    size,
    held: held[place] ?? 0,
  }));
  return picture(
    width,
    bottom + 54,
    `Jugs of ${sizes.join(", ")} litres hold ${held.join(", ")}; ${target} wanted.`,
    element("line", { x1: 8, x2: width - 8, y1: bottom + 1.5, y2: bottom + 1.5, stroke: tone.line, "stroke-width": 1.5 }),
    ...jugs.map((jug) => drawJug(jug, target)),
    poured(scene.move, jugs),
    text(width - 10, 14, `${target} wanted`, { "text-anchor": "end", "font-size": 14, "font-weight": 600, fill: tone.good }),
  );
});
