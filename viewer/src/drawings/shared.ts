/** What all drawings share: elements of SVG, safe reading of a puzzle's JSON, and the plain text for what cannot be drawn. */
import type { Drawing, Scene } from "./scene";

const SVG = "http://www.w3.org/2000/svg";

export type Attributes = Record<string, string | number | undefined>;
export type Child = SVGElement | string | null | undefined | false;

/** An element of SVG. Children that are strings become text, never markup. */
export function element(name: string, attributes: Attributes = {}, ...children: Child[]): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, typeof value === "number" ? String(Math.round(value * 100) / 100) : value);
  }
  for (const child of children) {
    if (child) made.append(child);
  }
  return made;
}

export function group(attributes: Attributes, ...children: Child[]): SVGElement {
  return element("g", attributes, ...children);
}

/** A picture of this size, with a title that says in words what it shows. */
export function picture(width: number, height: number, title: string, ...children: Child[]): SVGSVGElement {
  const attributes = { viewBox: `0 0 ${Math.ceil(width)} ${Math.ceil(height)}`, role: "img", class: "drawing" };
  return element("svg", attributes, element("title", {}, title), ...children) as SVGSVGElement;
}

/** A text whose middle, or whose start or end by `text-anchor`, is at x, and whose vertical middle is at y. */
export function text(x: number, y: number, written: string | number, attributes: Attributes = {}): SVGElement {
  const all = { x, y, "text-anchor": "middle", "dominant-baseline": "central", "font-size": 14, fill: tone.ink, ...attributes };
  return element("text", all, String(written));
}

/** The colours of drawings: variables of style.css, so that light and dark follow the page. */
export const tone = {
  ink: "var(--ink)",
  paper: "var(--paper)",
  faint: "var(--faint)",
  line: "var(--grid)",
  muted: "var(--muted)",
  accent: "var(--accent)",
  good: "var(--good)",
  bad: "var(--bad)",
  /** What the last move changed, and where the search stands. */
  now: "var(--current)",
} as const;

/** The size at which a text about fits a width: a letter is about 0.6 of its size wide. */
export function fitting(written: string | number, width: number, largest: number): number {
  const letters = Math.max(1, String(written).length);
  return Math.max(4, Math.min(largest, width / (0.6 * letters)));
}

/** A line of text that starts at x, in the colour of errors; nothing where there is nothing to say. */
export function warning(x: number, y: number, written: string | null): SVGElement | null {
  return written === null ? null : text(x, y, cut(written, 60), { "text-anchor": "start", fill: tone.bad, "font-weight": 700 });
}

/** At most so many letters, the last an ellipsis where some are left out. */
export function cut(written: string, most: number): string {
  return written.length > most ? `${written.slice(0, Math.max(0, most - 1))}…` : written;
}

const LINE_LETTERS = 44;
const MOST_LINES = 24;

/** The state as plain text: for puzzles without a drawing, and for what a drawing cannot read. */
export function plain(scene: Scene): SVGSVGElement {
  const state = typeof scene.state === "string" ? scene.state : "";
  const lines: string[] = [];
  let rest = state.slice(0, LINE_LETTERS * MOST_LINES);
  while (rest.length > 0) {
    const space = rest.length > LINE_LETTERS ? rest.lastIndexOf(" ", LINE_LETTERS) : -1;
    const end = rest.length > LINE_LETTERS ? (space > 0 ? space : LINE_LETTERS) : rest.length;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  if (state.length > LINE_LETTERS * MOST_LINES) lines.push("…");
  const shown = lines.length > 0 ? lines : ["no state"];
  const rows = shown.map((line, row) => text(12, 18 + 20 * row, line, { "text-anchor": "start", "font-size": 13 }));
  const made = picture(400, 16 + 20 * shown.length, `State: ${cut(state, 200)}`, ...rows);
  made.setAttribute("data-plain", "");
  return made;
}

/** A drawing that falls back to plain text where the puzzle or the state is not as expected: null, or any error. */
export function drawing(draw: (scene: Scene) => SVGSVGElement | null): Drawing {
  return (scene) => {
    try {
      return draw(scene) ?? plain(scene);
    } catch {
      return plain(scene);
    }
  };
}

/** The fields of a JSON object; none of anything else. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A finite number, or null. */
export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A list of numbers, or null where any element is something else or there are more than `most`. */
export function numbers(value: unknown, most: number): number[] | null {
  const all = list(value);
  return Array.isArray(value) && all.length <= most && all.every((one) => number(one) !== null) ? (all as number[]) : null;
}

/** A list of texts, or null where any element is something else or there are more than `most`. */
export function strings(value: unknown, most: number): string[] | null {
  const all = list(value);
  return Array.isArray(value) && all.length <= most && all.every((one) => typeof one === "string") ? (all as string[]) : null;
}

/** The words of a text; numbers over 999, which are written in groups as `12 ^ 345`, become one word. */
export function words(written: string | null | undefined): string[] {
  if (typeof written !== "string") return [];
  const joined = written.slice(0, 20_000).replace(/ \^ (\d+)/g, (_, group: string) => group.padStart(3, "0"));
  return joined.split(/\s+/).filter((word) => word !== "");
}

/** The state before the last move, if the path tells it. */
export function previous(scene: Scene): string | null {
  const last = scene.path.length - 1;
  return (scene.path[last] === scene.state ? scene.path[last - 1] : scene.path[last]) ?? null;
}
