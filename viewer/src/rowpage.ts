// The page of a row: what kind of row it is, its texts, and one of them seen; beside it the same puzzle in another config.

import { cards, kindSays } from "./cards";
import { fill, h } from "./dom";
import type { Source } from "./source";
import { Comparison } from "./twins";
import type { About, LookedAtRow } from "./types";
import { TextView } from "./view";

export interface RowState {
  text: number;
  step: number | null;
  twin: string | null;
}

export class RowPage {
  readonly element = h("div", { class: "row-page" });
  private readonly body = h("div", { class: "row-body" });
  private readonly aside = h("div", { class: "twin-box" });
  private view: TextView | null = null;
  private comparison: Comparison | null = null;

  constructor(private readonly row: LookedAtRow, private readonly about: About, private readonly source: Source, private readonly state: RowState,
    private readonly onState: (state: RowState) => void) {
    this.state.text = Math.min(state.text, Math.max(0, row.texts.length - 1));
    fill(this.element, this.head(), this.body, this.aside);
    this.openText();
    if (state.twin !== null) void this.openTwin(state.twin);
  }

  recolour(): void {
    this.view?.recolour();
    this.comparison?.recolour();
  }

  stop(): void {
    this.view?.stop();
  }

  key(event: KeyboardEvent): boolean {
    return this.view?.key(event) ?? false;
  }

  /** Goes to an event: the address was changed by hand. */
  goTo(step: number | null): void {
    this.view?.player?.go(step === null ? 0 : step + 1);
  }

  private head(): HTMLElement {
    const { row } = this;
    const columns = row.row;
    const fact = (name: string, value: unknown) => value === null || value === undefined || value === "" ? null : h("span", { class: "fact" }, h("span", { class: "muted" }, `${name} `), String(value));
    return h("header", { class: "row-head" },
      h("h2", {}, `${row.env}`), fact("dialect", row.dialect), fact("search", columns.search ?? row.search), fact("outcome", columns.outcome), fact("cheapest", columns.optimal_cost),
      fact("tokens", columns.tokens), this.checked(), this.twinChoice(), h("details", { class: "columns" }, h("summary", {}, "columns"), this.columns()), h("span", { class: "kind-says muted" }, kindSays(row)));
  }

  /** Whether a check of the whole row agrees with the row's own labels. */
  private checked(): HTMLElement | null {
    const { agrees, problems } = this.row.check ?? {};
    if (typeof agrees !== "boolean") return null;
    const said = Array.isArray(problems) ? problems.map((problem) => (typeof problem === "string" ? problem : JSON.stringify(problem))).join("\n") : null;
    return h("span", { class: `badge ${agrees ? "good" : "bad"}`, title: said || null }, agrees ? "✓ the row's labels are those of a check" : "✗ the row's labels are not those of a check");
  }

  /** The columns of the row that are no texts. */
  private columns(): HTMLElement {
    const entries = Object.entries(this.row.row).filter(([name]) => !["prompt", "completion", "completions", "messages", "chosen", "rejected", "candidate"].includes(name));
    const { check } = this.row;
    if (check) entries.push(["check of the row", check]);
    return h("dl", { class: "mono" }, ...entries.flatMap(([name, value]) => {
      const words = typeof value === "string" ? value : JSON.stringify(value);
      return [h("dt", {}, name), h("dd", {}, words.length > 600 ? `${words.slice(0, 600)}…` : words)];
    }));
  }

  /**
   * What the text can be compared with: the same puzzle in other configs, the row's other traces, which are named by a # and their
   * number, and in a file the rows of the same puzzle, which are named by an @ and their index.
   */
  private twinChoice(): HTMLElement | null {
    const others = this.about.configs.filter((config) => config.name !== this.row.config).map(({ name }) => [name, name]);
    const traced = this.row.texts.flatMap((text, number) => (text.trace === null ? [] : [[`#${number}`, text.name]]));
    const { index, same_puzzle = [] } = this.row;
    const same = same_puzzle.filter((other) => other !== index).map((other) => [`@${other}`, `row ${other}`]);
    const choices = [...(traced.length > 1 ? traced : []), ...others, ...same];
    if (choices.length === 0) return null;
    const select = h("select", { "aria-label": "compare with", "data-testid": "twin-choice", onchange: async () => {
      await this.openTwin(select.value || null);
      this.aside.scrollIntoView({ block: "nearest" });
    } },
      h("option", { value: "" }, "compare with …"), ...choices.map(([value, name]) => h("option", { value }, name)));
    select.value = this.state.twin ?? "";
    return select;
  }

  private openText(): void {
    const { row, state } = this;
    const texts = row.texts;
    this.view?.stop();
    // What is written about candidates stands beside them; a candidate is what one begins with.
    const traced = texts.filter((text) => text.trace !== null);
    const notes = traced.length === 0 ? [] : texts.filter((text) => text.trace === null && (text.name === "completion" || text.name === "response"));
    const choices = texts.filter((text) => !notes.includes(text));
    if (!choices.includes(texts[state.text]) || texts[state.text].trace === null) state.text = texts.indexOf(traced[0] ?? texts[state.text]);
    const text = texts[state.text];
    if (text === undefined) {
      fill(this.body, h("p", { role: "alert" }, "This row has no text."));
      return;
    }
    this.view = new TextView({ row, text, about: this.about, notes, step: state.step, onStep: (step) => this.stepped(step) });
    fill(this.body, choices.length > 1 ? cards(choices, text, (text) => this.choose(texts.indexOf(text))) : null, this.view.element);
  }

  private choose(text: number): void {
    this.state.text = text;
    this.state.step = null;
    this.openText();
    // A comparison goes on, with the other text on its left.
    void this.openTwin(this.state.twin);
  }

  private stepped(step: number | null): void {
    this.state.step = step;
    this.comparison?.show(step ?? -1);
    this.onState(this.state);
  }

  private async openTwin(config: string | null): Promise<void> {
    this.state.twin = config;
    this.onState(this.state);
    if (config === null) return this.compareWith(null, "");
    if (config.startsWith("#")) {
      const text = this.row.texts[Number(config.slice(1))];
      return this.compareWith(this.row, text?.name ?? "", text);
    }
    try {
      const isRow = config.startsWith("@");
      const twin = await this.source.row({ config: isRow ? this.row.config : config, split: this.row.split, index: isRow ? Number(config.slice(1)) : this.row.index });
      if (this.state.twin === config) this.compareWith(twin, isRow ? `row ${twin.index}` : config);
    } catch (error) {
      fill(this.aside, h("p", { role: "alert" }, String(error)));
    }
  }

  private compareWith(twin: LookedAtRow | null, name: string, text = twin?.texts.find((text) => text.trace !== null) ?? twin?.texts[0]): void {
    this.comparison = null;
    fill(this.aside);
    const left = this.row.texts[this.state.text];
    if (left === undefined || text === undefined) return;
    if (JSON.stringify(twin?.puzzle) !== JSON.stringify(this.row.puzzle)) {
      fill(this.aside, h("p", { class: "muted" }, "That row is of another puzzle."));
      return;
    }
    this.comparison = new Comparison({ name: twin === this.row ? left.name : this.row.config ?? "this row", text: left }, { name, text }, (event) => this.view?.player?.goEvent(event));
    fill(this.aside, this.comparison.element);
    this.comparison.show(this.state.step ?? -1);
  }
}
