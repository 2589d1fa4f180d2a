// The figures of model outputs: shares with their intervals, plan against trace, first errors, and curves over the number of tries. Several files are overlaid.

import * as Plot from "@observablehq/plot";

import { figure, h } from "../dom";
import { rangeOf, ticks } from "./bins";
import { MARGINS, chart, countsTable, legend, percent, plot, positions, section, type Series, seriesOf, table, told } from "./chart";
import { curve, curveMarks } from "./curves";
import { differences, type File } from "./differences";
import { dotsByName, type Dot } from "./dots";
import type { Comparison, Mean, Totals } from "./types";

/** All charts of model outputs. */
export function outputs(comparison: Comparison): HTMLElement {
  const names = shortNames(comparison.files.map((scores) => scores.file));
  const files = comparison.files.map((scores, at) => ({ scores, series: seriesOf(names[at], at) }));
  const several = files.length > 1;
  const totals = files.map(({ scores, series }) => ({ totals: scores.totals, series }));
  return h(
    "div",
    {},
    summary(files),
    section(
      "Plan and trace",
      totals.map(({ totals, series }) => twoByTwo(totals, several ? series.name : "")),
    ),
    several ? differences(comparison, files) : null,
    section("More tries", [
      curve(
        "Solved by one of k",
        "The chance that at least one of k texts for a puzzle solves it (unbiased pass at k), with 95 % intervals.",
        "k, texts for a puzzle",
        totals.map(({ totals, series }) => ({ series, points: Object.entries(totals.pass_at).map(([k, mean]) => ({ x: Number(k), mean })) })),
      ),
      curve(
        "Solved within a length",
        "The share of puzzles for which a text is right before so many bytes are written, one text after the other.",
        "bytes",
        totals.map(({ totals, series }) => ({ series, points: (totals.within ?? []).map(({ bytes, solved }) => ({ x: bytes, mean: solved })) })),
      ),
      checkpoints(files),
    ]),
    section("By puzzle", [byEnvironment(totals), byDifficulty(totals)]),
    section("Errors", [
      countsTable(
        "First errors by class",
        "Share of all texts, and their number.",
        totals.map(({ totals, series }) => ({ series: several ? series : { ...series, name: "texts" }, counts: totals.first_errors, whole: totals.rows })),
      ),
      countsTable(
        "Rows that cannot be read",
        "By the wrong field.",
        totals.map(({ totals, series }) => ({ series: several ? series : { ...series, name: "rows" }, counts: totals.unreadable, whole: totals.rows })),
      ),
      ...totals.map(({ totals, series }) =>
        positions(
          `Where texts err first${several ? `: ${series.name}` : ""}`,
          "Texts by class and by the tenth of the text in which the first error begins.",
          totals.first_error_positions ?? {},
        ),
      ),
    ]),
    section("Lengths", [...totals.map(({ totals, series }) => lengths(totals, several ? series.name : "")), trueLengths(totals)]),
  );
}

/** Names of files without the folders that all of them are in. */
function shortNames(files: string[]): string[] {
  const last = files.map((file) => file.split("/").pop() ?? file);
  return new Set(last).size === files.length ? last : files;
}

function summary(files: File[]): HTMLElement {
  const rows = files.map(({ scores: { step, totals }, series }) => [
    series.name || "all",
    step === null ? "–" : figure(step),
    figure(totals.rows),
    figure(totals.groups),
    told(totals.solved),
    told(totals.valid),
    told(totals.optimal),
    told(totals.wrong_steps),
    figure(Math.round(totals.length.mean)),
  ]);
  const intervals = files.some(({ scores }) => scores.totals.solved.low !== null);
  return h(
    "section",
    {},
    h("h2", {}, "Texts"),
    table(["file", "step", "texts", "puzzles", "solved", "valid", "optimal", "wrong steps", "bytes, mean"], rows, "Texts by file"),
    h("p", { class: "muted" }, intervals ? "In brackets: 95 % intervals, by resampling puzzles." : "No intervals: they need two puzzles."),
    files.length > 1 ? legend(files.map((file) => file.series)) : null,
  );
}

/** Right plans against right traces. */
function twoByTwo(totals: Totals, name: string): HTMLElement {
  const cells = totals.two_by_two;
  const lines: [string, number[]][] = [
    ["plan right", [cells.plan_and_trace, cells.plan_alone, cells.plan_without_trace]],
    ["plan wrong", [cells.trace_alone, cells.neither, cells.nothing]],
  ];
  // Rows without a trace have a column only where there are some.
  const columns = lines.some(([, counts]) => counts[2] > 0) ? 3 : 2;
  const rows = lines.map(([line, counts]) => [
    line,
    ...counts.slice(0, columns).map((count) => {
      const cell = h("span", { class: "heat" }, h("strong", {}, percent(count / Math.max(1, totals.rows))), h("span", { class: "muted" }, figure(count)));
      cell.style.setProperty("--share", String(count / Math.max(1, totals.rows)));
      return cell;
    }),
  ]);
  const title = `Plan and trace${name === "" ? "" : `: ${name}`}`;
  return h(
    "figure",
    { class: "chart two-by-two" },
    h("figcaption", {}, h("h3", {}, name || "All texts")),
    table(["", ...["trace right", "trace wrong", "no trace"].slice(0, columns)], rows, title),
  );
}

/** Shares over the steps of a training. */
function checkpoints(files: File[]): HTMLElement | null {
  const at = files.filter(({ scores }) => scores.step !== null);
  if (at.length < 2) return null;
  const kinds: [string, (totals: Totals) => Mean][] = [
    ["solved", (totals) => totals.solved],
    ["valid", (totals) => totals.valid],
    ["optimal", (totals) => totals.optimal],
  ];
  const all = kinds.map(([name, of], place) => ({
    series: seriesOf(name, place, place),
    points: at.map(({ scores }) => ({ x: scores.step ?? 0, mean: of(scores.totals) })),
  }));
  return chart(
    "Over checkpoints",
    "Shares of texts, with 95 % intervals.",
    (width) =>
      plot(
        {
          width,
          height: 240,
          ...MARGINS,
          marginRight: 20,
          x: { label: "step →", ticks: Math.min(6, Math.floor(width / 80)), labelOffset: 38 },
          y: { domain: [0, 100], label: "↑ % of texts", grid: true, ticks: 5 },
          color: { type: "identity" },
          marks: all.flatMap(({ series, points }, place) => curveMarks({ series, points }, (place - 1) * 5)),
        },
        `Shares by checkpoint: ${at.map(({ scores }) => `step ${scores.step}: ${percent(scores.totals.solved.mean)} solved`).join(", ")}`,
      ),
    legend(all.map(({ series }) => series)),
  );
}

function byEnvironment(all: { totals: Totals; series: Series }[]): HTMLElement | null {
  const dots: Dot[] = all.flatMap(({ totals, series }) =>
    (totals.by_env ?? []).map((env) => ({ name: env.name, series, mean: env.solved, note: `${env.groups} puzzles, ${env.rows} texts` })),
  );
  if (new Set(dots.map((dot) => dot.name)).size < 2) return null;
  return dotsByName("Solved by environment", "Share of texts, with 95 % intervals.", "% solved →", [0, 100], dots, null);
}

function byDifficulty(all: { totals: Totals; series: Series }[]): HTMLElement | null {
  const dots: Dot[] = all.flatMap(({ totals, series }) =>
    (totals.by_difficulty ?? []).map((group) => ({
      name: rangeOf([group.from, group.to], 0),
      order: group.from,
      series,
      mean: group.solved,
      note: `${group.groups} puzzles, ${group.rows} texts`,
    })),
  );
  if (new Set(dots.map((dot) => dot.name)).size < 2) return null;
  return dotsByName(
    "Solved by difficulty",
    "Share of texts by groups of puzzles of rising difficulty, with 95 % intervals.",
    "% solved →",
    [0, 100],
    dots.sort((one, other) => (one.order ?? 0) - (other.order ?? 0)),
    "difficulty",
  );
}

/** Lengths of the texts that solve their puzzles, and of those that do not. */
function lengths(totals: Totals, name: string): HTMLElement | null {
  const { edges, solved, unsolved } = totals.lengths ?? { edges: [], solved: [], unsolved: [] };
  if (edges.length < 2) return null;
  const kinds: [Series, number[]][] = [
    [seriesOf("solved", 0), solved],
    [seriesOf("not solved", 1, 1), unsolved],
  ];
  const points = kinds.map(([series, counts]) => ({
    series,
    steps: counts.flatMap((count, bin) => [
      { x: bin, y: count },
      { x: bin + 1, y: count },
    ]),
  }));
  return chart(
    `Length of texts${name === "" ? "" : `: ${name}`}`,
    "Number of texts by their bytes.",
    (width) => {
      const labelled = new Map(ticks(edges, Math.floor(width / 66)).map((value) => [edges.indexOf(value), value]));
      return plot(
        {
          width,
          height: 220,
          ...MARGINS,
          x: {
            domain: [0, edges.length - 1],
            ticks: [...labelled.keys()],
            tickFormat: (at: number) => (labelled.get(at) ?? 0).toLocaleString("en"),
            label: "bytes →",
            labelOffset: 38,
          },
          y: { label: "↑ texts", ticks: 4, grid: true },
          color: { type: "identity" },
          marks: [
            ...points.map(({ series, steps }) => Plot.line(steps, { x: "x", y: "y", stroke: series.colour, strokeDasharray: series.dash, strokeWidth: 2 })),
            Plot.ruleY([0]),
          ],
        },
        "Lengths of texts that solve their puzzles and of those that do not",
      );
    },
    legend(kinds.map(([series]) => series)),
  );
}

/** Nodes of each text against those of the true search of its puzzle. */
function trueLengths(all: { totals: Totals; series: Series }[]): HTMLElement | null {
  const points = all.flatMap(({ totals, series }) =>
    (totals.true_lengths ?? []).map(([text, truth, solved]) => ({ text, truth, solved: solved === 1, name: series.name })),
  );
  if (points.length === 0) return null;
  const most = Math.max(2, ...points.flatMap(({ text, truth }) => [text, truth]));
  const marks = [true, false].map((solved) =>
    Plot.dot(
      points.filter((point) => point.solved === solved),
      {
        x: (point: (typeof points)[number]) => point.truth + 1,
        y: (point: (typeof points)[number]) => point.text + 1,
        symbol: solved ? "circle" : "times",
        r: 3,
        stroke: solved ? "var(--series-1)" : "var(--series-2)",
        strokeOpacity: 0.6,
        title: (point: (typeof points)[number]) => `${point.name} ${point.text} nodes; true search: ${point.truth}`,
      },
    ),
  );
  return chart(
    "Length against true length",
    "Nodes that the text tells, against the nodes of the true search. On the line both are equal. ○ solved, × not solved. One node is added to both, so that none is lost on the logarithmic axes.",
    (width) =>
      plot(
        {
          width,
          height: Math.min(width, 380),
          marginLeft: 56,
          marginBottom: 42,
          marginTop: 24,
          x: {
            type: "log",
            domain: [1, most + 1],
            label: "nodes of the true search →",
            labelOffset: 38,
            ticks: Math.min(5, Math.floor(width / 80)),
            tickFormat: "~s",
          },
          y: { type: "log", domain: [1, most + 1], label: "↑ nodes of the text", grid: true, ticks: 5, tickFormat: "~s" },
          marks: [
            Plot.line(
              [
                [1, 1],
                [most + 1, most + 1],
              ],
              { stroke: "var(--muted)", strokeDasharray: "4 3" },
            ),
            ...marks,
          ],
        },
        "Nodes of texts against nodes of the true search",
      ),
  );
}
