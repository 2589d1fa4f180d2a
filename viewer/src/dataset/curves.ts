// Shares over a number on a logarithmic axis, with intervals.

import * as Plot from "@observablehq/plot";

import { roundNumbers } from "./bins";
import { MARGINS, chart, compact, legend, percent, plot, type Series } from "./chart";
import type { Mean } from "./types";

/** The points of a series. */
export interface Curve {
  series: Series;
  points: { x: number; mean: Mean }[];
}

/** Shares over a number on a logarithmic axis, one line for each file, with intervals that stand beside each other. */
export function curve(title: string, note: string, unit: string, all: Curve[], of = "% of puzzles"): HTMLElement | null {
  const shown = all.filter(({ points }) => points.length > 1);
  if (shown.length === 0) return null;
  const values = [...new Set(shown.flatMap(({ points }) => points.map(({ x }) => x)))].sort((one, other) => one - other);
  return chart(
    title,
    note,
    (width) => {
      const room = Math.max(2, Math.floor((width - 60) / 58));
      const every = unit.startsWith("k") || (shown.length === 1 && values[values.length - 1] < 100_000);
      const labelled = every ? values.filter((_, at) => at % Math.ceil(values.length / room) === 0) : undefined;
      return plot(
        {
          width,
          height: 240,
          ...MARGINS,
          marginRight: 20,
          x: {
            type: "log",
            base: 2,
            domain: [values[0] * 0.97, values[values.length - 1] * 1.03],
            ticks: labelled ?? roundNumbers(values[0] * 0.97, values[values.length - 1] * 1.03, room),
            tickFormat: (value: number) => (value < 100_000 ? value.toLocaleString("en") : compact(value)),
            label: `${unit} →`,
            labelOffset: 38,
          },
          y: { domain: [0, 100], label: `↑ ${of}`, grid: true, ticks: 5 },
          color: { type: "identity" },
          marks: shown.flatMap((one, at) => curveMarks(one, (at - (shown.length - 1) / 2) * Math.min(5, 30 / shown.length))),
        },
        `${title}: ${shown.map(({ series, points }) => `${series.name} ${points.map(({ x, mean }) => `${x}: ${percent(mean.mean)}`).join(", ")}`).join("; ")}`,
      );
    },
    ...(shown.length > 1 ? [legend(shown.map(({ series }) => series))] : []),
  );
}

/** The marks of a series, a little to the side, so that intervals of several stand beside each other. */
export function curveMarks({ series, points }: Curve, dx: number): Plot.Markish[] {
  const rows = points.map(({ x, mean }) => ({ x, y: 100 * mean.mean, low: 100 * (mean.low ?? mean.mean), high: 100 * (mean.high ?? mean.mean) }));
  return [
    Plot.ruleX(rows, { x: "x", y1: "low", y2: "high", stroke: series.colour, strokeWidth: 1.5, dx }),
    Plot.line(rows, { x: "x", y: "y", stroke: series.colour, strokeWidth: 2, strokeDasharray: series.dash, dx }),
    Plot.dot(rows, {
      x: "x",
      y: "y",
      fill: series.colour,
      r: 3.5,
      dx,
      title: (row: (typeof rows)[number]) =>
        `${series.name}\n${row.x.toLocaleString("en")}: ${row.y.toFixed(1)} % [${row.low.toFixed(1)}, ${row.high.toFixed(1)}]`,
      tip: { fill: "var(--raised)", stroke: "var(--line)" },
    }),
  ];
}
