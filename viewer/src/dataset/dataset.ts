// The figures of a dataset: sizes, lengths, outcomes, errors and cues, with configs and splits overlaid.

import * as Plot from "@observablehq/plot";

import { fill, figure, h } from "../dom";
import { coarser, rangeOf, ticks } from "./bins";
import { MARGINS, chart, countsTable, legend, percent, plot, positions, section, type Series, seriesOf, table, labelSpace, shortened } from "./chart";
import { histogram } from "./histogram";
import type { ConfigStats, Cue, DatasetStats } from "./types";

/** A config and split with its line in the charts. */
interface Shown {
  stats: ConfigStats;
  series: Series;
}

/** The columns that have a histogram, with their units. */
const COLUMNS: [string, string, string][] = [
  ["tokens", "Whole row in tokens", "tokens"],
  ["words", "Text to learn in words", "words"],
  ["bytes", "Text to learn in bytes", "bytes"],
  ["nodes", "Nodes of the search", "nodes"],
  ["backtracks", "Backtracks", "backtracks"],
  ["depth", "Depth", "moves"],
  ["optimal_cost", "Cost of a cheapest solution", "cost"],
  ["difficulty", "Difficulty", "difficulty"],
];

/** More lines than this in one chart cannot be told apart; so only the largest split of each config is chosen at first. */
const MOST_LINES = 6;

/** All charts of a dataset, and what chooses the configs and splits in them. */
export function dataset(stats: DatasetStats): HTMLElement {
  const names = (of: (config: ConfigStats) => string) => [...new Set(stats.configs.map(of))];
  const [configs, splits] = [names((config) => config.config), sortedSplits(stats)];
  const all: Shown[] = stats.configs.map((config) => ({
    stats: config,
    series: seriesOf(splits.length > 1 ? `${config.config} · ${config.split}` : config.config, configs.indexOf(config.config), splits.indexOf(config.split)),
  }));
  const chosen = { configs: new Set(configs), splits: new Set(configs.length * splits.length > MOST_LINES ? splits.slice(0, 1) : splits) };
  const charts = h("div", { class: "charts" });
  const update = () =>
    fill(
      charts,
      ...sections(
        stats,
        all.filter((shown) => chosen.configs.has(shown.stats.config) && chosen.splits.has(shown.stats.split)),
      ),
    );
  update();
  return h(
    "div",
    {},
    summary(stats, all),
    h(
      "form",
      { class: "choose", onsubmit: (event) => event.preventDefault() },
      choose("Configs", configs, chosen.configs, update),
      choose("Splits", splits, chosen.splits, update),
    ),
    charts,
  );
}

/** The splits, the largest first. */
function sortedSplits(stats: DatasetStats): string[] {
  const rows = new Map<string, number>();
  for (const config of stats.configs) rows.set(config.split, (rows.get(config.split) ?? 0) + config.rows);
  const training = (name: string) => Number(name === "train");
  return [...rows].sort(([one, many], [other, few]) => few - many || training(other) - training(one)).map(([name]) => name);
}

/** Whether the rows have texts that could solve a puzzle: a prompt alone, for reinforcement learning, has none. */
function hasTexts(config: ConfigStats): boolean {
  return config.spreads.words?.most !== 0;
}

/** Boxes to tick, one for each name. */
function choose(title: string, names: string[], chosen: Set<string>, update: () => void): HTMLElement | null {
  if (names.length < 2) return null;
  return h(
    "fieldset",
    {},
    h("legend", {}, title),
    ...names.map((name) => {
      const box = h("input", {
        type: "checkbox",
        checked: chosen.has(name),
        onchange: () => {
          if (box.checked) chosen.add(name);
          else chosen.delete(name);
          update();
        },
      });
      return h("label", {}, box, ` ${name}`);
    }),
  );
}

/** What there is of each config and split, in one table. */
function summary(stats: DatasetStats, all: Shown[]): HTMLElement {
  const median = (config: ConfigStats, column: string) => (config.spreads[column] === undefined ? "–" : figure(config.spreads[column].median));
  const rows = all.map(({ stats: config }) => [
    config.config,
    config.split,
    figure(config.rows),
    hasTexts(config) ? percent(config.solved / Math.max(1, config.rows)) : "–",
    hasTexts(config) ? percent(config.right / Math.max(1, config.rows)) : "–",
    median(config, "tokens"),
    median(config, "nodes"),
    median(config, "backtracks"),
    median(config, "difficulty"),
    figure(config.distinct_words),
    figure(config.repeated_puzzles),
  ]);
  const head = ["config", "split", "rows", "solved", "right", "tokens", "nodes", "backtracks", "difficulty", "distinct words", "repeated puzzles"];
  const leaks = stats.puzzles_in_two_splits;
  return h(
    "section",
    {},
    h("h2", {}, "Rows"),
    stats.sampled === undefined ? null : h("p", {}, `The figures are those of a sample: the first rows of each config and split, up to ${figure(stats.sampled)}. What could tell a label is looked for in thousands of rows, by sos cues.`),
    table(head, rows, "Rows by config and split"),
    h("p", { class: "muted" }, "Numbers from tokens to difficulty are medians. Right: solved, and nothing planted."),
    h("p", leaks > 0 ? { class: "bad" } : {}, leaks > 0 ? `✗ ${figure(leaks)} puzzles occur in two splits.` : "✓ No puzzle occurs in two splits."),
  );
}

/** The charts of the chosen configs and splits. */
function sections(stats: DatasetStats, shown: Shown[]): (HTMLElement | null)[] {
  if (shown.length === 0) return [h("p", {}, "No config and split is chosen.")];
  const counts = (of: (config: ConfigStats) => Record<string, number> | undefined) =>
    shown.map(({ stats: config, series }) => ({ series, counts: of(config), whole: config.rows }));
  const errors = (of: (config: ConfigStats) => Record<string, number[]> | undefined) => summed(shown.map((one) => of(one.stats)));
  return [
    section(
      "Lengths and searches",
      COLUMNS.map(([column, title, unit]) => lengths(stats, shown, column, title, unit)),
    ),
    section("Outcomes", [
      countsTable(
        "How searches ended",
        "Share of rows, and their number.",
        counts((config) => config.outcomes),
      ),
      solvedByDifficulty(stats, shown),
      countsTable(
        "Labels",
        "",
        counts((config) => config.labels),
      ),
    ]),
    section("Errors", [
      countsTable(
        "Planted defects by class",
        "The first of each row.",
        counts((config) => config.error_classes),
      ),
      countsTable(
        "First errors of candidates by class",
        "",
        counts((config) => config.candidate_error_classes),
      ),
      positions(
        "Where planted defects stand",
        "Rows by class and by the tenth of the text in which the first defect begins.",
        errors((config) => config.defect_positions),
      ),
      positions(
        "Where candidates err first",
        "Rows by class and by the tenth of the text.",
        errors((config) => config.error_positions),
      ),
    ]),
    section("What labels could be told by", [cues(stats.cues)]),
    section("Mixture", [
      countsTable("Searches", "", several(counts((config) => config.searches))),
      countsTable(
        "Components",
        "",
        counts((config) => config.components),
      ),
      countsTable("Environments", "", several(counts((config) => config.envs))),
    ]),
  ];
}

/** Counts of one name alone say nothing. */
function several<Entry extends { counts: Record<string, number> | undefined }>(all: Entry[]): Entry[] {
  return new Set(all.flatMap(({ counts }) => Object.keys(counts ?? {}))).size > 1 ? all : [];
}

/** A column as a histogram; null where it has no values. */
function lengths(stats: DatasetStats, shown: Shown[], column: string, title: string, unit: string): HTMLElement | null {
  const edges = stats.bins?.[column];
  if (edges === undefined || edges.length < 2) return null;
  const named = column !== "tokens" ? unit : stats.tokenizer === undefined ? "words, prompt included" : `tokens of ${stats.tokenizer}, prompt included`;
  const all = shown.map(({ stats: config, series }) => ({ series, counts: config.histograms?.[column] ?? [], spread: config.spreads[column] ?? null }));
  if (edges.length === 2 && edges[1] - edges[0] === 1) return h("p", { class: "chart" }, `${title}: ${figure(edges[0])} in every row.`);
  return all.some(({ counts }) => counts.length > 0) ? histogram(title, named, edges, all) : null;
}

/** Counts by tenth of several configs, added up. */
function summed(all: (Record<string, number[]> | undefined)[]): Record<string, number[]> {
  const sums: Record<string, number[]> = {};
  for (const classes of all) {
    for (const [name, counts] of Object.entries(classes ?? {})) sums[name] = counts.map((count, tenth) => count + (sums[name]?.[tenth] ?? 0));
  }
  return sums;
}

/** The share of solved rows by difficulty. */
function solvedByDifficulty(stats: DatasetStats, shown: Shown[]): HTMLElement | null {
  const fine = stats.bins?.difficulty;
  const counted = shown.filter(({ stats: config }) => config.by_difficulty !== undefined && config.rows > 0 && hasTexts(config));
  if (fine === undefined || counted.length === 0) return null;
  if (counted.every(({ stats: config }) => config.solved === config.rows))
    return h("p", { class: "chart" }, "Every text solves its puzzle, at every difficulty.");
  const columns = counted.flatMap(({ stats: config }) => [config.by_difficulty?.rows ?? [], config.by_difficulty?.solved ?? []]);
  const { edges, columns: sums } = coarser(fine, columns, 12);
  const points = counted
    .flatMap(({ series }, at) => sums[2 * at].map((rows, bin) => ({ series, bin, rows, share: (100 * sums[2 * at + 1][bin]) / Math.max(1, rows) })))
    .filter(({ rows }) => rows > 0);
  const all = counted.map(({ series }) => series);
  return chart(
    "Solved by difficulty",
    "Share of rows whose text solves the puzzle; a larger dot stands for more rows.",
    (width) => {
      const labelled = ticks(edges, Math.floor(width / 62));
      const place = new Map(labelled.map((value) => [edges.indexOf(value) + 0.5, value]));
      return plot(
        {
          width,
          height: 230,
          ...MARGINS,
          x: {
            domain: [0, edges.length - 1],
            ticks: [...place.keys()],
            tickFormat: (at: number) => `${(place.get(at) ?? 0).toLocaleString("en")}${edges[Math.floor(at) + 1] - edges[Math.floor(at)] > 1 ? "+" : ""}`,
            label: "difficulty →",
            labelAnchor: "right",
            labelOffset: 38,
          },
          y: { domain: [0, 100], label: "↑ % solved", grid: true, ticks: 5 },
          r: { range: [2, 6] },
          color: { type: "identity" },
          marks: [
            ...all.map((series) =>
              Plot.line(
                points.filter((point) => point.series === series),
                { x: (point: (typeof points)[number]) => point.bin + 0.5, y: "share", stroke: series.colour, strokeWidth: 1.6, strokeDasharray: series.dash },
              ),
            ),
            Plot.dot(points, {
              x: (point: (typeof points)[number]) => point.bin + 0.5,
              y: "share",
              r: "rows",
              fill: (point: (typeof points)[number]) => point.series.colour,
              stroke: "var(--background)",
              title: (point: (typeof points)[number]) =>
                `${point.series.name}\ndifficulty ${rangeOf(edges, point.bin)}: ${point.share.toFixed(0)} % of ${point.rows} rows`,
              tip: { fill: "var(--raised)", stroke: "var(--line)" },
            }),
          ],
        },
        "Share of solved rows by difficulty",
      );
    },
    legend(all),
  );
}

/** How well the simplest classifiers tell each label: 0.5 is chance. */
function cues(all: Cue[]): HTMLElement | null {
  if (all.length === 0) return null;
  const named = all.map((cue) => ({
    ...cue,
    name: `${cue.feature} · ${cue.config}, ${cue.label}`,
    low: cue.interval?.[0] ?? cue.auc,
    high: cue.interval?.[1] ?? cue.auc,
  }));
  return chart(
    "Cues",
    "How well one feature alone tells a label (area under the ROC curve, with its 95 % interval). 0.5 is chance: the feature tells nothing.",
    (width) => {
      const space = labelSpace(
        named.map((cue) => cue.name),
        width,
      );
      return plot(
        {
          width,
          height: 50 + named.length * 24,
          marginLeft: space,
          marginBottom: 40,
          marginRight: 48,
          x: { domain: [Math.min(0.4, ...named.map((cue) => cue.low)), 1], label: "AUC →", ticks: 5, grid: true },
          y: { domain: named.map((cue) => cue.name), label: null, tickFormat: (name: string) => shortened(name, space) },
          marks: [
            Plot.ruleX([0.5], { stroke: "var(--muted)", strokeDasharray: "4 3" }),
            Plot.link(named, { x1: "low", x2: "high", y1: "name", y2: "name", stroke: "var(--series-1)", strokeWidth: 2 }),
            Plot.dot(named, {
              x: "auc",
              y: "name",
              fill: "var(--series-1)",
              r: 4,
              title: (cue: (typeof named)[number]) =>
                `${cue.name}\n${cue.auc.toFixed(3)} [${cue.low.toFixed(3)}, ${cue.high.toFixed(3)}]\n${cue.samples.join(" and ")} rows`,
              tip: { fill: "var(--raised)", stroke: "var(--line)" },
            }),
            Plot.text(named, {
              x: "high",
              y: "name",
              text: (cue: (typeof named)[number]) => cue.auc.toFixed(2),
              dx: 8,
              textAnchor: "start",
              fill: "var(--ink)",
            }),
          ],
        },
        "Cues by label and feature",
      );
    },
  );
}
