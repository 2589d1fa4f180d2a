/** Figures of chess, drawn so that they look the same with every font. */
import { tone } from "./shared";
import { circle, path, short, type Point } from "./marks";
import { group, type Attributes } from "./shared";

/** A path whose points are told in a square of 100 by 100, put around a point with a given side. */
function figure([x, y]: Point, side: number, d: string, attributes: Attributes, ...more: SVGElement[]): SVGElement {
  const transform = `translate(${short(x - side / 2)} ${short(y - side / 2)}) scale(${short(side / 100)})`;
  return group({ transform }, path(d, { "stroke-width": 5, "stroke-linejoin": "round", ...attributes }), ...more);
}

const CROWN = "M26 76L14 34L33 54L38 22L50 50L62 22L67 54L86 34L74 76Z M24 82H76V90H24Z";

export function queen(at: Point, side: number, attributes: Attributes = {}): SVGElement {
  const look = { fill: tone.ink, stroke: "none", ...attributes };
  const tips = ([[14, 30], [38, 18], [62, 18], [86, 30]] as const).map(([x, y]) => circle(x, y, 5.5, look));
  return figure(at, side, CROWN, look, ...tips);
}

const HORSE = "M28 88C28 68 50 62 50 50C44 58 36 56 30 60C26 66 18 66 15 58C14 54 20 44 26 34C30 26 36 22 41 21L43 10L53 20C76 24 84 50 80 88Z";

export function knight(at: Point, side: number, attributes: Attributes, eye: string): SVGElement {
  return figure(at, side, HORSE, attributes, circle(38, 35, 4, { fill: eye }));
}
