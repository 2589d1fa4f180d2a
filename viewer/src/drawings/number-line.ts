/** A number line: the numbers that were seen as dots, the way from the start as jumps above them, and as a chain of numbers below. */
import { cut, drawing, element, fields, fitting, group, number, picture, strings, text, tone, words } from "./shared";

const WIDTH = 420;
const LEFT = 26;
const RIGHT = WIDTH - 30;
const AXIS = 140;
const SIGNS: Record<string, string> = { "+": "+", "-": "−", "*": "×", "/": "÷" };

/** An operation as people write it: `+ 6` and `+6` become `+6`, `/ 2` becomes `÷2`. */
function operation(move: string | undefined): string {
  const [written = ""] = (move ?? "").split("=");
  return words(written).join("").replace(/^[+\-*/]/, (sign) => SIGNS[sign] ?? sign);
}

/** The least round number that is not below another: 1, 2 or 5 with zeros. */
function round(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  return [1, 2, 5, 10].map((digit) => digit * power).find((one) => one >= least) ?? least;
}

type Scale = (value: number) => number;

/** The part of the line that is shown: round numbers around all that there is to see, and the step between marks. */
interface Part {
  begin: number;
  end: number;
  step: number;
}

function partOf(all: number[]): Part {
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const step = round(Math.max(5, most - least) / 5);
  const begin = Math.floor(least / step) * step;
  return { begin, end: Math.max(begin + step, Math.ceil(most / step) * step), step };
}

function drawAxis({ begin, end, step }: Part, scale: Scale): SVGElement {
  const ticks = Array.from({ length: Math.round((end - begin) / step) + 1 }, (_, place) => begin + place * step);
  return group(
    {},
    element("path", { d: `M${LEFT - 8} ${AXIS} H${RIGHT + 12} m-7 -5 l7 5 l-7 5`, fill: "none", stroke: tone.ink, "stroke-width": 1.8 }),
    ...ticks.map((tick) => element("line", { x1: scale(tick), x2: scale(tick), y1: AXIS - 5, y2: AXIS + 5, stroke: tone.ink, "stroke-width": 1.5 })),
    ...ticks.map((tick) => text(scale(tick), AXIS + 17, tick, { "font-size": 12, fill: tone.muted })),
  );
}

function drawJump(from: number, to: number, label: string, last: boolean, scale: Scale): SVGElement {
  const [x, end] = [scale(from), scale(to)];
  const rise = Math.min(AXIS - 44, 14 + Math.abs(end - x) * 0.45);
  const colour = last ? tone.now : tone.accent;
  const side = end >= x ? 1 : -1;
  const wide = Math.abs(end - x) > 26 || last;
  return group(
    {},
    element("path", { d: `M${x} ${AXIS - 3} C${x} ${AXIS - rise * 1.33} ${end} ${AXIS - rise * 1.33} ${end} ${AXIS - 5}`, fill: "none", stroke: colour, "stroke-width": last ? 3 : 1.8, opacity: last ? 1 : 0.75 }),
    element("path", { d: `M${end - 5 * side - 3} ${AXIS - 12} L${end} ${AXIS - 4} L${end + 4} ${AXIS - 13}`, fill: "none", stroke: colour, "stroke-width": last ? 2.5 : 1.8 }),
    wide && text((x + end) / 2, AXIS - rise - 10, label, { "font-size": last ? 15 : 12, fill: colour, "font-weight": last ? 700 : 500 }),
  );
}

/** A flag on the line: where the way begins, and where it is to end. Its words stand to the left or right of its pole where another pole is near. */
function drawFlag(value: number, name: string, colour: string, x: number, y: number, anchor: string): SVGElement {
  const words = `${name} ${value}`;
  const half = words.length * 4.4;
  const at = anchor === "middle" ? Math.min(WIDTH - half - 6, Math.max(half + 6, x)) : anchor === "end" ? x + 7 : x - 7;
  return group(
    {},
    element("path", { d: `M${x} ${AXIS + 3} l-6 10 h12 z`, fill: colour }),
    element("line", { x1: x, x2: x, y1: AXIS + 12, y2: y - 9, stroke: colour, "stroke-width": 1.5 }),
    text(at, y, words, { "text-anchor": anchor, "font-size": 14, "font-weight": 700, fill: colour }),
  );
}

interface Flag {
  value: number;
  name: string;
  colour: string;
  x: number;
}

/** Both flags. Where they are close, the words of one stand higher, on the side where the other is not. */
function drawFlags(start: Flag, target: Flag, close: boolean): SVGElement[] {
  const [left, right] = start.x <= target.x ? [start, target] : [target, start];
  const [high, low] = [AXIS + 40, AXIS + (close ? 60 : 40)];
  const draw = ({ value, name, colour, x }: Flag, y: number, anchor: string) => drawFlag(value, name, colour, x, y, anchor);
  if (!close) return [draw(left, high, "middle"), draw(right, high, "middle")];
  return left.x > WIDTH / 2 ? [draw(left, high, "end"), draw(right, low, "middle")] : [draw(right, high, "start"), draw(left, low, "middle")];
}

/** The numbers on the way and the operations between them, in lines. */
function drawChain(way: number[], moves: string[], top: number): { drawn: SVGElement[]; height: number } {
  const drawn: SVGElement[] = [];
  let [x, y] = [14, top];
  way.forEach((value, place) => {
    const label = place > 0 ? operation(moves[place - 1]) || "→" : "";
    const [before, size] = [label.length * 7.5 + (label ? 12 : 0), String(value).length * 9 + 10];
    if (x + before + size > WIDTH - 8) [x, y] = [14, y + 26];
    const last = place === way.length - 1;
    if (label) drawn.push(text(x + before / 2, y, label, { "font-size": 13, fill: last ? tone.now : tone.accent, "font-weight": last ? 700 : 500 }));
    x += before;
    drawn.push(element("rect", { x, y: y - 11, width: size, height: 22, rx: 4, fill: tone.faint, stroke: last ? tone.now : tone.line, "stroke-width": last ? 2.5 : 1 }));
    drawn.push(text(x + size / 2, y, value, { "font-weight": last ? 700 : 500 }));
    x += size;
  });
  return { drawn, height: y + 20 };
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [start, target] = [number(puzzle.start), number(puzzle.target)];
  const operations = strings(puzzle.operations, 20);
  if (start === null || target === null || operations === null || start < 0 || target < 0) return null;
  const value = (state: string): number => (/^\d+$/.test(words(state).join("")) ? Number(words(state).join("")) : NaN);
  const state = scene.state === null ? start : value(scene.state);
  const path = (scene.path ?? []).filter((told) => told !== "").map(value);
  const way = path.at(-1) === state ? path : [...path, state];
  const seen = [...(scene.seen ?? []).keys()].map(value).filter(Number.isFinite);
  if (way.some((one) => !Number.isFinite(one)) || seen.length > 5000) return null;
  // what was seen elsewhere is only counted, so that the way stays large enough to be read
  const part = partOf([start, target, ...way]);
  const [before, after] = [seen.filter((one) => one < part.begin).length, seen.filter((one) => one > part.end).length];
  const inside = [...new Set(seen)].filter((one) => one >= part.begin && one <= part.end);
  const scale: Scale = (one) => LEFT + ((RIGHT - LEFT) * (one - part.begin)) / (part.end - part.begin);
  const moves = way.length - 1 === (scene.moves ?? []).length ? scene.moves : way.slice(1).map((_, place) => (place === way.length - 2 ? (scene.move ?? "") : ""));
  const shown = way.length > 60 ? way.slice(-60) : way;
  const close = Math.abs(scale(start) - scale(target)) < 130;
  const chain = drawChain(shown, moves.slice(-shown.length + 1), AXIS + (close ? 92 : 74));
  const jumps = shown.slice(1).map((to, place) => drawJump(shown[place], to, operation(moves.slice(1 - shown.length)[place]), place === shown.length - 2, scale));
  return picture(
    WIDTH,
    chain.height,
    `Number line from ${start} to ${target}: ${shown.join(", ")}.`,
    text(14, 16, `steps: ${operations.map(operation).join("\u2003")}`, { "text-anchor": "start", fill: tone.muted, "font-size": fitting(operations.join("  "), 300, 14) }),
    number(puzzle.limit) !== null && text(WIDTH - 12, 16, cut(`from 0 to ${puzzle.limit}`, 20), { "text-anchor": "end", fill: tone.muted, "font-size": 13 }),
    drawAxis(part, scale),
    before > 0 && text(8, AXIS - 20, `◂ ${before} seen`, { "text-anchor": "start", "font-size": 12, fill: tone.muted }),
    after > 0 && text(WIDTH - 8, AXIS - 20, `${after} seen ▸`, { "text-anchor": "end", "font-size": 12, fill: tone.muted }),
    ...inside.map((one) => element("circle", { cx: scale(one), cy: AXIS, r: 3, fill: tone.muted, "fill-opacity": 0.7 })),
    ...jumps,
    ...drawFlags({ value: start, name: "start", colour: tone.ink, x: scale(start) }, { value: target, name: "target", colour: tone.good, x: scale(target) }, close),
    element("circle", { cx: scale(state), cy: AXIS, r: 6, fill: tone.now, stroke: tone.paper, "stroke-width": 1.5 }),
    state === target && text(scale(state), AXIS - 16, "✓", { fill: tone.good, "font-size": 20, "font-weight": 700 }),
    ...chain.drawn,
  );
});
