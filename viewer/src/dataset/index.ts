import { h } from "../dom";
import type { Source } from "../source";
import type { About } from "../types";

/** The page of a data set, or of model outputs: its figures. `stats` is what the source gives. */
export function datasetPage(about: About, stats: unknown, _source: Source): HTMLElement {
  return h("section", { class: "dataset" }, h("h2", {}, about.name), h("pre", {}, JSON.stringify(stats, null, 1)));
}
