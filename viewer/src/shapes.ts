// The shapes of nodes. Each status has a shape and a colour of its own; the legend is drawn by the same functions.

import type { Status } from "./replay";

/** What the legend says of each status, in the order of the legend. */
export const LEGEND: { status: Status | "current"; name: string; says: string }[] = [
  { status: "current", name: "current", says: "where the search is" },
  { status: "made", name: "made", says: "generated, not yet opened" },
  { status: "open", name: "open", says: "may still be visited" },
  { status: "closed", name: "visited", says: "visited, its moves were tried" },
  { status: "dead", name: "dead end", says: "leads nowhere" },
  { status: "seen", name: "seen before", says: "this state was reached before" },
  { status: "cut", name: "cut", says: "beyond the bound" },
  { status: "pruned", name: "pruned", says: "dropped without a visit" },
  { status: "goal", name: "goal", says: "solves the puzzle" },
];

/** What the page calls a status. */
export function statusName(status: Status): string {
  return LEGEND.find((entry) => entry.status === status)?.name ?? status;
}

/** The colours of the page as the canvas needs them. */
export type Palette = Record<string, string>;

const NAMES = ["background", "surface", "line", "grid", "ink", "muted", "accent", "current", "open", "closed", "dead", "goal", "pruned", "seen", "error",
  "defect", "jump", "lit"] as const;

/** Reads the colours from the style of the page. */
export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** The colour of a status. */
export function colour(status: Status, colours: Palette): string {
  if (status === "made" || status === "cut") return colours.muted;
  return colours[status] ?? colours.closed;
}

/** Whether the shape of a status is filled; the others are lines. */
export function filled(status: Status): boolean {
  return status === "closed" || status === "goal" || status === "made";
}

/** Adds the shape of a status to the path of a canvas. */
export function shape(context: CanvasRenderingContext2D, status: Status, x: number, y: number, r: number): void {
  switch (status) {
    case "made":
      context.moveTo(x + r * 0.4, y);
      context.arc(x, y, r * 0.4, 0, 7);
      return;
    case "open":
      context.moveTo(x + r * 0.8, y);
      context.arc(x, y, r * 0.8, 0, 7);
      return;
    case "dead":
      context.moveTo(x - r * 0.8, y - r * 0.8);
      context.lineTo(x + r * 0.8, y + r * 0.8);
      context.moveTo(x + r * 0.8, y - r * 0.8);
      context.lineTo(x - r * 0.8, y + r * 0.8);
      return;
    case "seen":
      context.rect(x - r * 0.7, y - r * 0.7, r * 1.4, r * 1.4);
      return;
    case "cut":
      context.moveTo(x - r, y);
      context.lineTo(x + r, y);
      return;
    case "pruned":
      context.moveTo(x - r, y - r * 0.7);
      context.lineTo(x + r, y - r * 0.7);
      context.lineTo(x, y + r);
      context.closePath();
      return;
    case "goal":
      star(context, x, y, r * 1.5);
      return;
    default:
      context.moveTo(x + r * 0.7, y);
      context.arc(x, y, r * 0.7, 0, 7);
  }
}

function star(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  for (let corner = 0; corner < 10; corner++) {
    const reach = corner % 2 === 0 ? r : r * 0.45;
    const angle = (corner * Math.PI) / 5 - Math.PI / 2;
    const point: [number, number] = [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
    if (corner === 0) context.moveTo(...point);
    else context.lineTo(...point);
  }
  context.closePath();
}

/** The mark of the current node: a diamond around it. */
export function diamond(context: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  context.moveTo(x, y - r);
  context.lineTo(x + r, y);
  context.lineTo(x, y + r);
  context.lineTo(x - r, y);
  context.closePath();
}
