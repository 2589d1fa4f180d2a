/** The order of visits as shades: from light to dark, or from dark to light on a dark page. */
import type { Board } from "./board";
import { rectangle } from "./marks";
import { group, text, tone } from "./shared";

export const SHADES = 10;

/** The shade of a visit among so many. */
export function shadeOf(order: number, visits: number): number {
  const share = visits > 1 ? order / (visits - 1) : 0;
  return Math.max(0, Math.min(SHADES - 1, Math.floor(share * SHADES)));
}

export function shadeColour(shade: number): string {
  return `color-mix(in oklab, var(--seen-last) ${Math.round((100 * shade) / (SHADES - 1))}%, var(--seen-first))`;
}

/** What the shades mean: a strip below a board. It has no height where nothing has been visited. */
export function orderKey(below: Board, visits: number): { height: number; drawn: SVGElement } {
  if (visits < 2) return { height: 0, drawn: group({}) };
  const width = below.columns * below.cell;
  const size = width / 24;
  const [left, top] = [below.left, below.top + below.rows * below.cell + size * 0.8];
  const side = (width * 0.5) / SHADES;
  const strip = Array.from({ length: SHADES }, (_, shade) =>
    rectangle(left + width * 0.25 + shade * side, top, side + 0.5, size, { fill: shadeColour(shade) }),
  );
  const label = (x: number, anchor: string, written: string) =>
    text(x, top + size / 2, written, { "text-anchor": anchor, "font-size": size, fill: tone.muted });
  const drawn = group({}, ...strip, label(left + width * 0.235, "end", "visit 1"), label(left + width * 0.765, "start", String(visits)));
  return { height: size * 1.8, drawn };
}
