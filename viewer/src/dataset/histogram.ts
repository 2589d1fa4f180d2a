// Histograms of several series in one chart, with their medians in the legend.

import * as Plot from "@observablehq/plot";

import { h } from "../dom";
import { position, rangeOf, steps, ticks } from "./bins";
import { MARGINS, chart, percent, plot, type Series, swatch } from "./chart";
import type { Spread } from "./types";

/** One series of a histogram. */
export interface Counted {
  series: Series;
  counts: number[];
  spread: Spread | null;
}

/** A histogram: shares of rows by bins of a number. */
export function histogram(title: string, unit: string, edges: number[], all: Counted[]): HTMLElement {
  const shown = all.map((counted) => ({ ...counted, whole: counted.counts.reduce((sum, count) => sum + count, 0) })).filter(({ whole }) => whole > 0);
  const figure = chart(title, "", (width) => draw(width, title, unit, edges, shown), spreads(shown, unit));
  // A line of the legend lights its line of the chart.
  figure.querySelectorAll<HTMLElement>("tbody tr").forEach((row, at) => {
    const light = (on: boolean) => figure.querySelectorAll(".series-line").forEach((line, place) => line.classList.toggle("dimmed", on && place !== at));
    row.addEventListener("pointerenter", () => light(true));
    row.addEventListener("pointerleave", () => light(false));
  });
  return figure;
}

function draw(width: number, title: string, unit: string, edges: number[], all: (Counted & { whole: number })[]): Element {
  const bins = edges.length - 1;
  const labelled = ticks(edges, Math.floor(width / 62));
  const place = new Map(labelled.map((value) => [tickPlace(edges, value), value]));
  const most = Math.max(1, ...all.flatMap(({ counts, whole }) => counts.map((count) => (100 * count) / whole)));
  const scale = flattened(all) ? "sqrt" : "linear";
  const medians = all.filter(({ spread }) => spread !== null).map(({ series, spread }) => ({ series, x: position(edges, spread?.median ?? 0) }));
  return plot(
    {
      width,
      height: 230,
      ...MARGINS,
      x: {
        domain: [0, bins],
        ticks: [...place.keys()],
        tickFormat: (at: number) => (place.get(at) ?? 0).toLocaleString("en"),
        label: `${unit} →`,
        labelAnchor: "right",
        labelOffset: 38,
      },
      y: {
        type: scale,
        domain: [0, most * 1.08],
        label: `↑ % of rows${scale === "sqrt" ? " (scale of square roots)" : ""}`,
        ticks: 4,
        grid: true,
        labelAnchor: "top",
      },
      marks: [
        ...all.map(({ series, counts, whole }) =>
          Plot.line(steps(counts, whole), {
            x: "x",
            y: "y",
            stroke: series.colour,
            strokeWidth: 2,
            strokeDasharray: series.dash,
            strokeLinejoin: "miter",
            className: "series-line",
          }),
        ),
        Plot.ruleY([0]),
        // Medians: small triangles on the axis. Their numbers stand in the legend, where none covers another.
        Plot.dot(medians, {
          x: "x",
          y: 0,
          symbol: "triangle",
          r: 5,
          dy: -4,
          fill: (median: (typeof medians)[number]) => median.series.colour,
          stroke: "var(--background)",
        }),
        Plot.tip(tips(edges, all), Plot.pointerX({ x: "x", y: "y", title: "title", fill: "var(--raised)", stroke: "var(--line)" })),
      ],
      color: { type: "identity" },
    },
    `${title}: shares of rows by ${unit}. ${all.map(({ series, spread }) => `${series.name}: median ${spread?.median ?? "unknown"}`).join("; ")}`,
  );
}

/** Whether one series is so much higher than the others that they would be flat lines. */
function flattened(all: (Counted & { whole: number })[]): boolean {
  const peaks = all.map(({ counts, whole }) => Math.max(...counts) / whole).sort((one, other) => one - other);
  return peaks[peaks.length - 1] > 4 * peaks[Math.floor((peaks.length - 1) / 2)];
}

/** Where the label of an edge stands: below the middle of a bin of one number, else below its beginning. */
function tickPlace(edges: number[], value: number): number {
  const bin = edges.indexOf(value);
  return bin < edges.length - 1 && edges[bin + 1] - value === 1 ? bin + 0.5 : bin;
}

/** What the pointer shows over a bin. */
function tips(edges: number[], all: (Counted & { whole: number })[]): { x: number; y: number; title: string }[] {
  return edges.slice(0, -1).map((_, bin) => {
    const shares = all.map(({ series, counts, whole }) => ({ name: series.name, share: counts[bin] / whole }));
    return {
      x: bin + 0.5,
      y: Math.max(...shares.map(({ share }) => 100 * share)),
      title: [rangeOf(edges, bin), ...shares.map(({ name, share }) => `${name}: ${percent(share)}`)].join("\n"),
    };
  });
}

/** The legend: for each series its least number, median, 90th percentile and greatest number. */
function spreads(all: Counted[], unit: string): HTMLElement {
  const number = (value: number | undefined) => h("td", {}, value === undefined ? "–" : value.toLocaleString("en"));
  const rows = all.map(({ series, spread }) => {
    const name = h("th", { scope: "row" });
    name.append(swatch(series), series.name);
    return h(
      "tr",
      {},
      name,
      number(spread?.least),
      h("td", { class: "median" }, spread === null ? "–" : spread.median.toLocaleString("en")),
      number(spread?.ninetieth),
      number(spread?.most),
    );
  });
  const head = ["", "least", "▲ median", "90 %", "most"].map((name) => h("th", { scope: "col" }, name));
  return h("table", { class: "spreads", "aria-label": `${unit} by series` }, h("thead", {}, h("tr", {}, ...head)), h("tbody", {}, ...rows));
}
