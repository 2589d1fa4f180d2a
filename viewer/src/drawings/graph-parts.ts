/** Edges of drawn graphs: lines between the rims of nodes, heads of arrows, numbers beside them. */
import type { Point } from "./graph-layout";
import { element, fitting, group, text, tone } from "./shared";

export interface Line {
  from: Point;
  to: Point;
  /** The radius of the nodes at both ends, and how much farther those reach to the sides. */
  radius: number;
  wider?: readonly [from: number, to: number];
  arrow: boolean;
  /** How far it bends to its left, so that it does not run below other nodes or along an edge back. */
  bend: number;
  colour: string;
  width: number;
  dashes?: string;
}

/** The point that lies `along` the way from one point to another, and `aside` to its left. */
function between(from: Point, to: Point, along: number, aside: number): Point {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  return { x: from.x + dx * along + (dy / length) * aside, y: from.y + dy * along - (dx / length) * aside };
}

/** Moves a point towards another. */
function towards(from: Point, to: Point, by: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}

/** The way from the middle of a node to its rim. */
function rim(node: Point, end: Point, radius: number, wider: number): number {
  const length = Math.hypot(end.x - node.x, end.y - node.y) || 1;
  const [across, down] = [Math.abs(end.x - node.x) / length, Math.abs(end.y - node.y) / length];
  if (wider === 0) return radius;
  return Math.min((radius + wider) / (across || 1e-9), radius / (down || 1e-9));
}

export function drawLine(line: Line): SVGElement {
  const control = between(line.from, line.to, 0.5, line.bend);
  const [widerFrom, widerTo] = line.wider ?? [0, 0];
  const begin = towards(line.from, control, rim(line.from, control, line.radius, widerFrom));
  const tip = towards(line.to, control, rim(line.to, control, line.radius, widerTo) + 1);
  const head = 5 + 1.6 * line.width;
  const end = line.arrow ? towards(tip, control, head * 0.8) : tip;
  const middle = between(begin, end, 0.5, line.bend);
  const base = towards(tip, control, head);
  const [left, right] = [between(base, tip, 0, head / 2.2), between(base, tip, 0, -head / 2.2)];
  const d = line.bend !== 0 ? `M${begin.x} ${begin.y} Q${middle.x} ${middle.y} ${end.x} ${end.y}` : `M${begin.x} ${begin.y} L${end.x} ${end.y}`;
  return group(
    {},
    element("path", { d: d.replace(/\d+\.\d+/g, (all) => Number(all).toFixed(1)), fill: "none", stroke: line.colour, "stroke-width": line.width, "stroke-dasharray": line.dashes }),
    line.arrow && element("polygon", { points: [tip, left, right].map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" "), fill: line.colour }),
  );
}

/** A text with the colour of the page around it, so that lines below it do not cross it. */
export function halo(x: number, y: number, written: string, attributes: Record<string, string | number> = {}): SVGElement {
  return text(x, y, written, { stroke: tone.paper, "stroke-width": 3.5, "stroke-linejoin": "round", "paint-order": "stroke", ...attributes });
}

/** The way from a place to the nearest other one, or `enough` if that is less. */
function roomAround({ x, y }: Point, others: readonly Point[], enough: number): number {
  let least = enough * enough;
  for (const other of others) {
    const [dx, dy] = [other.x - x, other.y - y];
    if (dx * dx + dy * dy < least) least = dx * dx + dy * dy;
  }
  return Math.sqrt(least);
}

/** The place that is farthest from all that is in the way, or the first one that is far enough. */
export function clearest(places: readonly Point[], inTheWay: readonly Point[], enough: number): Point {
  let best = places[0];
  let most = -1;
  for (const place of places) {
    const room = roomAround(place, inTheWay, enough);
    if (room > most + 0.5) [best, most] = [place, room];
    if (most >= enough) break;
  }
  return best;
}

/** Where the weight of an edge can stand: at its middle, or somewhat nearer to an end. */
export function weightPlaces(line: Pick<Line, "from" | "to" | "bend">): Point[] {
  return [0.5, 0.42, 0.58, 0.35, 0.65, 0.28, 0.72].map((along) => onCurve(line, along));
}

/** A point of an edge, from 0 at its start to 1 at its end. */
function onCurve({ from, to, bend }: Pick<Line, "from" | "to" | "bend">, along: number): Point {
  return between(from, to, along, 2 * along * (1 - along) * bend);
}

/** The places of an edge that are compared with nodes. */
const ALONG = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** How far each edge bends: only as far as it must, so that it does not run below a node that is none of its ends. */
export function bends(points: readonly Point[], edges: readonly (readonly [number, number])[], radius: number, directed: boolean): number[] {
  const back = new Set(directed ? edges.map(([from, to]) => `${to} ${from}`) : []);
  if (edges.length * points.length > 20_000) return edges.map(() => 0);
  return edges.map(([from, to]) => {
    const line = { from: points[from], to: points[to] };
    const others = points.filter((_, node) => node !== from && node !== to);
    const all = back.has(`${from} ${to}`) ? [18, 40, 64] : [0, 26, -26, 48, -48, 72, -72];
    const enough = radius + 5;
    const room = (bend: number): number => ALONG.reduce((least, part) => Math.min(least, roomAround(onCurve({ ...line, bend }, part), others, enough)), enough);
    let [best, most] = [all[0], -1];
    for (const bend of all) {
      const free = room(bend);
      if (free > most + 0.5) [best, most] = [bend, free];
      if (most >= enough) break;
    }
    return best;
  });
}

/** The weight of an edge. */
export function drawWeight(at: Point, weight: number, strong: boolean): SVGElement {
  return halo(at.x, at.y, String(weight), { "font-size": fitting(weight, 40, 13), fill: strong ? tone.ink : tone.muted, "font-weight": strong ? 700 : 500 });
}
