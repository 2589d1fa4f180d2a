// The page of a dataset or of model outputs.

import "./dataset.css";

import { figure, h } from "../dom";
import type { Source } from "../source";
import type { About, Place } from "../types";
import { dataset } from "./dataset";
import { outputs } from "./outputs";
import { rowList } from "./rows";
import { type Figures, figures } from "./types";

/** The page of a dataset, or of model outputs: its figures. `stats` is what the source gives. */
export function datasetPage(about: About, stats: unknown, source: Source): HTMLElement {
  const found = figures(stats);
  const page = h("article", { class: "dataset" }, head(about));
  const rows = about.configs.some((config) => config.splits.some((split) => split.rows !== 0)) || (about.rows ?? 0) > 0;
  if (found.kind === "nothing") {
    page.append(h("p", {}, rows ? "There are no figures of these rows." : "There are no rows here, so there is nothing to show."));
    if (!rows) return page;
  }
  if (found.kind === "dataset") page.append(dataset(found.stats));
  if (found.kind === "outputs") page.append(outputs(found.scores));
  page.append(rowList(about, source, choices(found), rowAddress));
  return page;
}

/** Where a row is on the page. */
function rowAddress({ config, split, index }: Place): string {
  const query = new URLSearchParams({ index: String(index) });
  if (config !== null) query.set("config", config);
  if (split !== null) query.set("split", split);
  return `#/row?${query}`;
}

/** What is looked at: name, version, seed, size of the space, recipe. */
function head(about: About): HTMLElement {
  const facts: [string, string][] = [["version", about.version]];
  if (about.seed !== undefined && about.seed !== null) facts.push(["seed", String(about.seed)]);
  if (about.space !== undefined && about.space !== null)
    facts.push([
      "puzzles to draw from",
      typeof about.space === "number" ? figure(about.space) : typeof about.space === "string" ? about.space : JSON.stringify(about.space),
    ]);
  if (about.rows !== null) facts.push(["rows", figure(about.rows)]);
  return h(
    "header",
    {},
    h("dl", { class: "about-facts" }, ...facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
    about.recipe ? h("details", {}, h("summary", {}, "Recipe"), h("pre", { tabindex: 0 }, about.recipe)) : null,
  );
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
