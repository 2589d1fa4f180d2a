// The figures of experiments: learning curves, and what came of the readings that were written down before.

import { figure, h } from "../dom";
import { percent, seriesOf, section, swatch, table, type Series } from "./chart";
import { curve } from "./curves";
import type { Experiment, Mean, Reading } from "./types";

/** What a curve runs over. */
type Budget = "tokens" | "rows";

const WORDS: Record<Reading["word"], [string, string]> = { holds: ["good", "✓ holds"], fails: ["bad", "✗ fails"], open: ["muted", "? open"], "not run": ["muted", "not run"] };

/** All experiments, one below the other, over the budget that is chosen. */
export function evidence(experiments: Experiment[]): HTMLElement {
  const sections = h("div");
  const choose = (budget: Budget) => sections.replaceChildren(...experiments.map((experiment) => ofExperiment(experiment, budget)));
  const select = h("select", { onchange: () => choose(select.value as Budget) }, h("option", { value: "tokens" }, "training tokens"), h("option", { value: "rows" }, "training rows"));
  choose("tokens");
  const links = experiments.map((experiment) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => document.getElementById(place(experiment))?.scrollIntoView() }, titleOf(experiment)),
    ` ${count(experiment, "holds")} of ${experiment.readings.length} readings hold, ${count(experiment, "fails")} fail`));
  const measures = Object.entries(Object.assign({}, ...experiments.map((experiment) => experiment.measures)) as Record<string, string>);
  return h("div", {}, h("ul", { class: "experiments" }, ...links), h("p", {}, h("label", {}, "Curves over ", select)),
    h("details", {}, h("summary", {}, "What is measured"), h("dl", {}, ...measures.flatMap(([name, says]) => [h("dt", {}, name), h("dd", {}, ...prose(says))]))), sections);
}

/** Words with names between backquotes. */
function prose(words: string): (HTMLElement | string)[] {
  return words.split("`").map((part, at) => (at % 2 ? h("code", {}, part) : part));
}

/** A table of words. */
function wordTable(head: (string | Node)[], rows: (string | Node)[][], label: string): HTMLElement {
  const element = table(head, rows, label);
  element.classList.add("words");
  return element;
}

function titleOf({ name, scale }: Experiment): string {
  return `${name} (${scale})`;
}

function place({ name, scale }: Experiment): string {
  return `${scale}-${name}`;
}

function count(experiment: Experiment, word: Reading["word"]): number {
  return experiment.readings.filter((reading) => reading.word === word).length;
}

function ofExperiment(experiment: Experiment, budget: Budget): HTMLElement {
  const series = new Map(experiment.arms.map(({ name }, at) => [name, seriesOf(name, at, Math.floor(at / 8))]));
  const element = h("div", { id: place(experiment) }, section(titleOf(experiment), charts(experiment, series, budget)) ?? h("h2", {}, titleOf(experiment)));
  element.querySelector("h2")?.after(
    h("p", {}, h("strong", {}, experiment.question), " ", h("code", {}, experiment.command)),
    arms(experiment, series),
  );
  const readings = experiment.readings.length === 0 ? [] : [readingTable(experiment)];
  element.append(...readings, h("p", {}, ...prose(experiment.says)), h("p", { class: "muted" }, experiment.cost));
  return element;
}

/** A chart for each pack and measure: all arms overlaid. */
function charts({ curves, packs }: Experiment, series: Map<string, Series>, budget: Budget): (HTMLElement | null)[] {
  const shown = new Map<string, Experiment["curves"]>();
  for (const one of curves) {
    const key = `${one.measure}, ${one.pack}`;
    shown.set(key, [...(shown.get(key) ?? []), one]);
  }
  return [...shown].map(([title, ofArms]) => {
    const { pack } = ofArms[0];
    const lines = ofArms.map(({ arm, points }) => ({
      series: series.get(arm) ?? seriesOf(arm, 0),
      points: points.map((point) => ({ x: point[budget], mean: point.mean })),
    }));
    return curve(title, (packs[pack] ?? "").replaceAll("`", ""), `training ${budget}`, lines, "% of the pack");
  });
}

function arms(experiment: Experiment, series: Map<string, Series>): HTMLElement {
  const rows = experiment.arms.map(({ name, says, seeds }) => {
    const head = h("span", { class: "series-head" });
    const line = series.get(name);
    if (line !== undefined) head.append(swatch(line));
    head.append(name);
    return [head, says, seeds === 0 ? "not run" : figure(seeds)];
  });
  return wordTable(["arm", "what a row has behind its prompt", "seeds"], rows, `Arms of ${experiment.name}`);
}

function readingTable({ name, readings }: Experiment): HTMLElement {
  const rows = readings.map(({ says, bounds, word, found }) => {
    const [kind, said] = WORDS[word];
    return [h("span", {}, ...prose(says)), bounds, found === null ? "" : points(found), h("strong", { class: kind }, said)];
  });
  return wordTable(["written down before", "bounds", "found", ""], rows, `Readings of ${name}`);
}

/** A share, or a difference of shares, in points of 100. */
function points({ mean, low, high }: Mean): string {
  const interval = low === null || high === null ? "" : ` [${(100 * low).toFixed(0)}, ${(100 * high).toFixed(0)}]`;
  return `${percent(mean).replace(" %", "")}${interval}`;
}
