// What all charts share: a frame with a title, a width that follows the page, colours and dashes of series, and counts as bars in a table.

import * as Plot from "@observablehq/plot";

import { fill, figure, h } from "../dom";
import type { Counts, Mean } from "./types";

/** One of the things that a chart overlays: a config and split, or a file. */
export interface Series {
  name: string;
  colour: string;
  dash: string;
}

/** Line styles by the place of a split. Colours are those of configs, so both can be told apart, in print too. */
const DASHES = ["none", "7 3", "2 3", "9 3 2 3"];
const COLOURS = 8;

/** Series by name; `colour` and `dash` are counted from 0. */
export function seriesOf(name: string, colour: number, dash = 0): Series {
  return { name, colour: `var(--series-${(colour % COLOURS) + 1})`, dash: DASHES[dash % DASHES.length] };
}

/** A short line in colour and dash of a series, for legends. */
export function swatch({ colour, dash }: Series): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 28 10", width: "28", height: "10", class: "swatch", "aria-hidden": "true" }))
    picture.setAttribute(name, value);
  const line = document.createElementNS(space, "line");
  const attributes = { x1: 1, x2: 27, y1: 5, y2: 5, stroke: colour, "stroke-width": 2.5, "stroke-dasharray": dash };
  for (const [name, value] of Object.entries(attributes)) line.setAttribute(name, String(value));
  picture.append(line);
  return picture;
}

/** A list of series with their swatches. */
export function legend(all: Series[]): HTMLElement {
  return h(
    "ul",
    { class: "legend" },
    ...all.map((series) => {
      const item = h("li");
      item.append(swatch(series), series.name);
      return item;
    }),
  );
}

/** A chart with its title. `draw` makes it anew for each width. */
export function chart(title: string, note: string, draw: (width: number) => Element, ...below: Node[]): HTMLElement {
  const place = h("div", { class: "chart-place" });
  let drawn = 0;
  const observer = new ResizeObserver(() => {
    const width = Math.floor(place.clientWidth);
    if (width === 0 || width === drawn) return;
    drawn = width;
    fill(place, draw(width));
  });
  observer.observe(place);
  return h("figure", { class: "chart" }, h("figcaption", {}, h("h3", {}, title), note === "" ? null : h("p", { class: "muted" }, note)), place, ...below);
}

/** Plots with the font and the colours of the page. */
export function plot(options: Plot.PlotOptions, label: string): Element {
  const style = { background: "transparent", color: "var(--ink)", fontFamily: "var(--font)", fontSize: "12px", overflow: "visible" };
  const element = Plot.plot({ className: "plot", style, ...options });
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  return element;
}

/** A share as people read it. */
export function percent(share: number): string {
  const value = 100 * share;
  return `${value === 0 || value === 100 ? value : value.toFixed(Math.abs(value) < 10 ? 1 : 0)} %`;
}

/** A table with a scroll bar of its own where it is wider than the page. */
export function table(head: (string | Node)[], rows: (string | Node)[][], label: string): HTMLElement {
  const cells = (name: "td" | "th", list: (string | Node)[]) =>
    list.map((content, at) => {
      const cell = h(at === 0 ? "th" : name, at === 0 && name === "td" ? { scope: "row" } : name === "th" ? { scope: "col" } : {});
      cell.append(content);
      return cell;
    });
  const body = rows.map((row) => h("tr", {}, ...cells("td", row)));
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, ...cells("th", head))), h("tbody", {}, ...body)),
  );
}

/** A number with a bar behind it that shows its share of the whole. */
export function bar(count: number, whole: number, colour: string): HTMLElement {
  const share = whole === 0 ? 0 : count / whole;
  const cell = h(
    "span",
    { class: "bar", title: `${count.toLocaleString("en")} of ${whole.toLocaleString("en")}` },
    h("span", { class: "bar-share" }, percent(share)),
    h("span", { class: "muted" }, figure(count)),
  );
  cell.style.setProperty("--share", `${(100 * share).toFixed(2)}%`);
  cell.style.setProperty("--bar", colour);
  return cell;
}

/** Counts by name for several series in one table: a line for each name, the most frequent first. Null where there is nothing to count. */
export function countsTable(title: string, note: string, all: { series: Series; counts: Counts | undefined; whole: number }[]): HTMLElement | null {
  const shown = all.filter(({ counts }) => counts !== undefined && Object.keys(counts).length > 0);
  const sums = new Map<string, number>();
  for (const { counts } of shown) for (const [name, count] of Object.entries(counts ?? {})) sums.set(name, (sums.get(name) ?? 0) + count);
  if (sums.size === 0) return null;
  const names = [...sums].sort((one, other) => other[1] - one[1]).map(([name]) => name);
  const head = shown.map(({ series }) => {
    const cell = h("span", { class: "series-head" });
    cell.append(swatch(series), series.name);
    return cell;
  });
  const rows = names.map((name) => [
    h("code", {}, name === "" ? "(none)" : name),
    ...shown.map(({ series, counts, whole }) => bar(counts?.[name] ?? 0, whole, series.colour)),
  ]);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, h("h3", {}, title), note === "" ? null : h("p", { class: "muted" }, note)),
    table(["", ...head], rows, title),
  );
}

/** A heat map of classes by tenths of a text. The numbers stand in the cells. Null where there is nothing. */
export function positions(title: string, note: string, classes: Record<string, number[]>): HTMLElement | null {
  const cells = Object.entries(classes).flatMap(([name, counts]) => counts.map((count, tenth) => ({ name, count, tenth })));
  const most = Math.max(0, ...cells.map((cell) => cell.count));
  if (most === 0) return null;
  const names = Object.keys(classes);
  return chart(title, note, (width) =>
    plot(
      {
        width,
        height: 46 + names.length * 26,
        marginLeft: labelSpace(names, width),
        marginBottom: 40,
        x: { domain: range(10), label: "place in the text →", tickFormat: (tenth: number) => (width < 520 && tenth % 2 ? "" : `${tenth * 10} %`) },
        y: { domain: names, label: null, tickFormat: (name: string) => shortened(name, labelSpace(names, width)) },
        marks: [
          Plot.cell(cells, {
            x: "tenth",
            y: "name",
            fill: "var(--heat)",
            fillOpacity: (cell: (typeof cells)[number]) => 0.85 * Math.sqrt(cell.count / most),
            inset: 1,
            rx: 2,
          }),
          Plot.text(cells, {
            x: "tenth",
            y: "name",
            text: (cell: (typeof cells)[number]) => (cell.count > 0 ? compact(cell.count) : ""),
            fill: "var(--ink)",
            fontSize: width < 520 ? 9 : 11,
          }),
        ],
      },
      `${title}: ${names.length} classes by tenths of the text`,
    ),
  );
}

/** Room around the charts whose vertical axis has short numbers. */
export const MARGINS = { marginLeft: 46, marginRight: 16, marginTop: 24, marginBottom: 42 };

/** A number in few characters, for cells of charts. */
export function compact(value: number): string {
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

/** The room that labels get beside a chart: what the longest needs, and at most four tenths of the width. */
export function labelSpace(names: string[], width: number): number {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return Math.min(longest * 6.8 + 16, width * 0.42);
}

/** A label that fits into its room. */
export function shortened(name: string, space: number): string {
  const letters = Math.max(4, Math.floor((space - 16) / 6.8 + 0.01));
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}

/** A section with a heading; null where it has no charts. */
export function section(title: string, charts: (HTMLElement | null)[]): HTMLElement | null {
  const there = charts.filter((one): one is HTMLElement => one !== null);
  return there.length === 0 ? null : h("section", {}, h("h2", {}, title), h("div", { class: "chart-grid" }, ...there));
}

/** A mean with its interval as text. */
export function told({ mean, low, high }: Mean): HTMLElement {
  const interval = low === null || high === null ? "" : ` [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
  return h("span", {}, percent(mean), h("span", { class: "muted" }, interval));
}
