// Means with intervals by name, a line for each name, several series beside each other in it.

import * as Plot from "@observablehq/plot";

import { chart, labelSpace, legend, plot, type Series, shortened } from "./chart";
import type { Mean } from "./types";

/** A mean of one series. `order` sorts names where they are numbers. */
export interface Dot {
  name: string;
  series: Series;
  mean: Mean;
  note: string;
  order?: number;
}

/** A chart with a line for each name. Values are shares, told in percent; `domain` is in percent, or null for what fits. `axis` names what the names are. */
export function dotsByName(title: string, note: string, label: string, domain: [number, number] | null, dots: Dot[], axis: string | null): HTMLElement {
  const names = [...new Set(dots.map((dot) => dot.name))];
  const all = [...new Set(dots.map((dot) => dot.series))];
  const rows = dots.map((dot) => ({
    ...dot,
    x: 100 * dot.mean.mean,
    low: 100 * (dot.mean.low ?? dot.mean.mean),
    high: 100 * (dot.mean.high ?? dot.mean.mean),
    told: `${dot.series.name}\n${dot.name}: ${(100 * dot.mean.mean).toFixed(1)} % (${dot.note})`,
  }));
  const line = Math.max(24, 10 + 9 * all.length);
  const across = domain ?? around(rows.flatMap(({ low, high }) => [low, high]));
  return chart(
    title,
    note,
    (width) => {
      const space = labelSpace(names, width);
      return plot(
        {
          width,
          height: 66 + names.length * line,
          marginLeft: space,
          marginRight: 20,
          marginTop: axis === null ? 8 : 24,
          marginBottom: 42,
          x: { domain: across, label, grid: true, ticks: Math.min(6, Math.floor(width / 80)), labelOffset: 38 },
          y: { domain: names, label: axis, labelAnchor: "top", tickFormat: (name: string) => shortened(name, space), tickSize: 0 },
          color: { type: "identity" },
          marks: [
            across[0] < 0 ? Plot.ruleX([0], { stroke: "var(--ink)" }) : null,
            ...all.flatMap((series, at) => {
              const mine = rows.filter((row) => row.series === series);
              const dy = (at - (all.length - 1) / 2) * 9;
              return [
                Plot.link(mine, { x1: "low", x2: "high", y1: "name", y2: "name", stroke: series.colour, strokeWidth: 2, dy }),
                Plot.dot(mine, { x: "x", y: "name", fill: series.colour, r: 4, dy, title: "told", tip: { fill: "var(--raised)", stroke: "var(--line)" } }),
              ];
            }),
          ],
        },
        `${title}: ${rows.map((row) => `${row.series.name} ${row.name}: ${row.x.toFixed(1)} %`).join("; ")}`,
      );
    },
    ...(all.length > 1 ? [legend(all)] : []),
  );
}

/** A domain around zero that holds all values. */
function around(values: number[]): [number, number] {
  const most = Math.max(1, ...values.map(Math.abs)) * 1.1;
  return [-most, most];
}
