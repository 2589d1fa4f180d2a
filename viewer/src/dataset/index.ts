// The page of a dataset or of model outputs.

import "./dataset.css";

import { figure, h } from "../dom";
import type { Source } from "../source";
import type { About, Place } from "../types";
import { dataset } from "./dataset";
import { evidence } from "./evidence";
import { outputs } from "./outputs";
import { rowList } from "./rows";
import { type Figures, figures } from "./types";

/** The page of a dataset, or of model outputs: its figures. `stats` is what the source gives. */
export function datasetPage(about: About, stats: unknown, source: Source): HTMLElement {
  const found = figures(stats);
  const page = h("article", { class: "dataset" }, head(about));
  const rows = rowsOf(about) !== 0;
  if (found.kind === "nothing") {
    page.append(h("p", {}, rows ? "There are no figures of these rows." : "There are no rows here, so there is nothing to show."));
    if (!rows) return page;
  }
  if (found.kind === "dataset") page.append(dataset(found.stats));
  if (found.kind === "outputs") page.append(outputs(found.scores));
  if (found.kind === "evidence") page.append(evidence(found.experiments));
  else page.append(rowList(about, source, choices(found), rowAddress));
  return page;
}

/** Where a row is on the page. */
function rowAddress({ config, split, index }: Place): string {
  const query = new URLSearchParams({ index: String(index) });
  if (config !== null) query.set("config", config);
  if (split !== null) query.set("split", split);
  return `#/row?${query}`;
}

/** What is looked at: version, seed, size of the space, recipe. */
function head(about: About): HTMLElement {
  const facts: [string, unknown][] = [["version", about.version], ["seed", about.seed], ["puzzles to draw from", about.space], ["rows", about.kind === "evidence" ? null : rowsOf(about)]];
  const shown = facts.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h(
    "header",
    {},
    h("dl", { class: "about-facts" }, ...shown.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, told(value))))),
    about.recipe ? h("details", {}, h("summary", {}, "Recipe"), h("pre", { tabindex: 0 }, about.recipe)) : null,
  );
}

/** The number of rows: of all configs and splits, where it is known; null where it is not. */
function rowsOf(about: About): number | null {
  const all = about.configs.flatMap((config) => config.splits.map((split) => split.rows));
  if (all.length === 0) return about.rows ?? null;
  return all.reduce<number | null>((sum, rows) => (sum === null || rows === null ? null : sum + rows), 0);
}

/** A value as people read it; several by their names. Numbers may be too large for a number, and are digits then. */
function told(value: unknown): string {
  if (typeof value === "number") return figure(value);
  if (typeof value === "string") return /^\d+$/.test(value) ? BigInt(value).toLocaleString("en") : value;
  if (typeof value === "object" && value !== null) return Object.entries(value).map(([name, one]) => `${name} ${told(one)}`).join(", ");
  return String(value);
}

/** The names that the figures know, to choose rows by. */
function choices(found: Figures): { outcomes: string[]; classes: string[]; searches: string[] } {
  const names = (all: (Record<string, number> | undefined)[]) =>
    [...new Set(all.flatMap((counts) => Object.keys(counts ?? {})))].filter((name) => name !== "").sort();
  if (found.kind === "dataset") {
    const configs = found.stats.configs;
    return {
      outcomes: names(configs.map((config) => config.outcomes)),
      classes: names(configs.flatMap((config) => [config.error_classes, config.candidate_error_classes])),
      searches: names(configs.map((config) => config.searches)),
    };
  }
  const files = found.kind === "outputs" ? found.scores.files : [];
  return { outcomes: [], classes: names(files.map((file) => file.totals.first_errors)), searches: [] };
}
