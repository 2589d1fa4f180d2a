/** Shapes that several drawings use: lines, arrows, crosses, ticks, and the colours that only drawings need. */
import { element, group, text, tone, type Attributes } from "./shared";

export type Point = readonly [number, number];

/** Colours beside those that all drawings share. */
export const colour = {
  wall: "var(--wall)",
  squareLight: "var(--square-light)",
  squareDark: "var(--square-dark)",
  /** Pieces of the first player; those of the second have the colour `on`. */
  white: "var(--piece-white)",
  lamp: "var(--lamp)",
  /** Text on full colours, which are the same in light and dark. */
  on: "var(--on-colour)",
  current: "var(--current)",
  goal: "var(--goal)",
  error: "var(--error)",
  soft: "var(--accent-soft)",
  /** The way from the root to the current state. */
  way: "var(--piece-2)",
} as const;

/** A colour of one of eight things; a letter or number always stands beside it. */
export function piece(index: number): string {
  return `var(--piece-${(index % 8) + 1})`;
}

/** So many percent of a colour, the rest another, which is that of the page if none is named. */
export function tint(colour: string, percent: number, on: string = tone.paper): string {
  return `color-mix(in oklab, ${colour} ${Math.round(percent)}%, ${on})`;
}

/** Two decimals: more cannot be seen, and make long texts. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function rectangle(x: number, y: number, width: number, height: number, attributes: Attributes = {}): SVGElement {
  return element("rect", { x, y, width, height, ...attributes });
}

export function circle(x: number, y: number, r: number, attributes: Attributes = {}): SVGElement {
  return element("circle", { cx: x, cy: y, r, ...attributes });
}

/** A path without a fill, if none is named. */
export function path(d: string, attributes: Attributes = {}): SVGElement {
  return element("path", { d, fill: "none", ...attributes });
}

/** A line through points, with round corners. */
export function polyline(points: readonly Point[], attributes: Attributes = {}): SVGElement {
  const d = points.map(([x, y], place) => `${place === 0 ? "M" : "L"}${short(x)} ${short(y)}`).join("");
  return path(d, { stroke: tone.ink, "stroke-linecap": "round", "stroke-linejoin": "round", ...attributes });
}

/** An arrow; its head is as long as four times the width of its line, and never longer than the arrow. */
export function arrow(from: Point, to: Point, width: number, colour: string = tone.accent): SVGElement {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy) || 1;
  const head = Math.min(4 * width, length);
  const at = (along: number, aside: number): Point => [
    to[0] - (along * dx + aside * dy) / length,
    to[1] - (along * dy - aside * dx) / length,
  ];
  return group(
    {},
    polyline([from, at(head * 0.9, 0)], { stroke: colour, "stroke-width": width, "stroke-linecap": "butt" }),
    polyline([to, at(head, head / 2), at(head, -head / 2), to], { stroke: "none", fill: colour }),
  );
}

/** The point on the way to another that stays so far from it. */
export function shortOf(from: Point, to: Point, apart: number): Point {
  const share = 1 - apart / (Math.hypot(to[0] - from[0], to[1] - from[1]) || 1);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

/** Two crossed lines at each point: what is not possible. */
export function crosses(points: readonly Point[], reach: number, attributes: Attributes = {}): SVGElement {
  const side = short(2 * reach);
  const one = ([x, y]: Point) => `M${short(x - reach)} ${short(y - reach)}l${side} ${side}m-${side} 0l${side} -${side}`;
  return path(points.map(one).join(""), { stroke: tone.muted, "stroke-width": reach / 2.5, "stroke-linecap": "round", ...attributes });
}

export function cross(point: Point, reach: number, attributes: Attributes = {}): SVGElement {
  return crosses([point], reach, attributes);
}

/** A tick: what is as it should be. */
export function tick([x, y]: Point, reach: number, attributes: Attributes = {}): SVGElement {
  const points: Point[] = [[x - reach, y], [x - reach * 0.3, y + reach * 0.7], [x + reach, y - reach * 0.8]];
  return polyline(points, { stroke: tone.good, "stroke-width": reach / 2, ...attributes });
}

/** A star with five points, around a point: the goal. */
export function star([x, y]: Point, reach: number, attributes: Attributes = {}): SVGElement {
  const corner = (place: number): Point => {
    const [angle, far] = [(Math.PI / 5) * place - Math.PI / 2, place % 2 === 0 ? reach : reach * 0.42];
    return [x + far * Math.cos(angle), y + far * Math.sin(angle)];
  };
  return polyline(Array.from({ length: 11 }, (_, place) => corner(place % 10)), { fill: tone.ink, stroke: "none", ...attributes });
}

/** A question mark in the upper right corner of a square, for what was guessed; the corner is told. */
export function guessCorner([x, y]: Point): SVGElement {
  const corner = path(`M${short(x)} ${short(y)}v18l-18 -18z`, { fill: colour.way });
  return group({}, corner, text(x - 5, y + 6.5, "?", { "font-size": 12, "font-weight": 700, fill: colour.on }));
}
