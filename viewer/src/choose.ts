// Which row: config, split, index, and a list of rows by filter.

import { fill, h } from "./dom";
import type { Source } from "./source";
import type { About, Config, Filter, Place, ShortRow } from "./types";

const PAGE = 50;

export class Chooser {
  readonly element: HTMLElement;
  private readonly config: HTMLSelectElement;
  private readonly split: HTMLSelectElement;
  private readonly index: HTMLInputElement;
  private readonly total = h("span", { class: "muted" });
  /** The list of rows, which opens below the bar. */
  readonly list = h("div", { class: "row-list", hidden: true, "data-testid": "rows" });
  private place: Place;

  constructor(private readonly about: About, private readonly source: Source, private readonly onChoose: (place: Place) => void) {
    const first = about.configs[0];
    this.place = { config: first?.name ?? null, split: first?.splits[0]?.name ?? null, index: 0 };
    this.config = h("select", { "aria-label": "config", title: "config: what kind of row", onchange: () => this.choose({ config: this.config.value, split: this.keptSplit(this.config.value) }) },
      ...about.configs.map((config) => h("option", { value: config.name }, config.kind === config.name ? config.name : `${config.name} (${config.kind})`)));
    this.split = h("select", { "aria-label": "split", title: "split", onchange: () => this.choose({ split: this.split.value }) });
    this.index = h("input", { type: "number", min: 0, value: 0, "aria-label": "index of the row", title: "index of the row", class: "index", onchange: () => this.choose({ index: Math.max(0, Math.floor(Number(this.index.value) || 0)) }) });
    const button = (sign: string, title: string, run: () => void) => h("button", { type: "button", title, "aria-label": title, onclick: run }, sign);
    const toggle = h("button", { type: "button", "aria-expanded": "false", onclick: () => {
      this.list.hidden = !this.list.hidden;
      toggle.setAttribute("aria-expanded", String(!this.list.hidden));
      if (!this.list.hidden && this.list.childElementCount === 0) this.openList();
    } }, "rows …");
    this.element = h("nav", { class: "chooser", "aria-label": "rows" },
      about.configs.length > 0 ? this.config : null, about.configs.some((config) => config.splits.length > 0) ? this.split : null,
      button("‹", "row before (p)", () => void this.step(-1)), this.index, this.total, button("›", "next row (n)", () => void this.step(1)), toggle);
  }

  /** Shows which row is shown. */
  show(place: Place): void {
    this.place = place;
    const config = this.about.configs.find((config) => config.name === place.config);
    this.config.value = place.config ?? "";
    fill(this.split, ...(config?.splits ?? []).map((split) => h("option", { value: split.name }, split.name)));
    this.split.value = place.split ?? "";
    this.index.value = String(place.index);
    const rows = this.rowsOf(config, place);
    this.total.textContent = rows === null || !this.source.complete ? "" : `of ${rows.toLocaleString("en")}`;
  }

  /** Goes to a neighbour. A file may hold a sample, so the source says which rows there are. */
  async step(by: 1 | -1): Promise<void> {
    if (this.source.complete) return this.choose({ index: Math.max(0, this.place.index + by) });
    const { rows } = await this.source.rows({ ...this.place, index: 0 }, 1_000_000, {});
    const index = by > 0 ? rows.find((row) => row.index > this.place.index)?.index : rows.filter((row) => row.index < this.place.index).at(-1)?.index;
    if (index !== undefined) this.choose({ index });
  }

  private choose(change: Partial<Place>): void {
    this.onChoose({ ...this.place, ...change });
  }

  private rowsOf(config: Config | undefined, place: Place): number | null {
    return config?.splits.find((split) => split.name === place.split)?.rows ?? (this.about.configs.length === 0 ? this.about.rows : null);
  }

  private keptSplit(name: string): string | null {
    const splits = this.about.configs.find((config) => config.name === name)?.splits ?? [];
    return splits.find((split) => split.name === this.place.split)?.name ?? splits[0]?.name ?? null;
  }

  /** The list of rows and the fields that filter it. */
  private openList(): void {
    const rows = h("tbody");
    const note = h("p", { class: "muted", role: "status" });
    const text = (name: string, says: string) => h("input", { name, placeholder: says, "aria-label": says });
    const number = (name: string, says: string) => h("input", { name, type: "number", min: 0, placeholder: says, "aria-label": says, class: "index" });
    const solved = h("select", { name: "solved", "aria-label": "solved" }, h("option", { value: "" }, "solved or not"), h("option", { value: "true" }, "solved"), h("option", { value: "false" }, "not solved"));
    const form = h("form", { class: "filter", "data-testid": "filter" }, text("text", "words in it"), text("outcome", "outcome"), text("search", "search"),
      text("class", "class of error"), solved, number("least_tokens", "least tokens"), number("most_tokens", "most tokens"), h("button", { class: "primary" }, "filter"));
    const more = h("button", { type: "button", hidden: true }, "more");
    let from = 0;
    const load = async () => {
      note.textContent = "looking …";
      try {
        const answer = await this.source.rows({ ...this.place, index: from }, PAGE, readFilter(form));
        rows.append(...answer.rows.map((row) => this.item(row)));
        from = answer.next;
        more.hidden = !answer.more;
        note.textContent = `${rows.childElementCount.toLocaleString("en")} rows${answer.more ? `, looked at up to index ${answer.next}` : ""}`;
      } catch (error) {
        note.textContent = String(error);
      }
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      rows.replaceChildren();
      from = 0;
      void load();
    });
    more.addEventListener("click", () => void load());
    const heads = ["index", "outcome", "search", "nodes", "backtracks", "tokens", "solved", "error"];
    fill(this.list, form, h("div", { class: "table-box" }, h("table", {}, h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))), rows)), note, more);
    void load();
  }

  private item(row: ShortRow): HTMLElement {
    const go = () => this.onChoose({ config: row.config ?? this.place.config, split: row.split ?? this.place.split, index: row.index });
    const cell = (value: unknown) => h("td", {}, value === null || value === undefined ? "" : typeof value === "number" ? value.toLocaleString("en") : String(value));
    return h("tr", {}, h("td", {}, h("button", { type: "button", class: "link", onclick: go }, String(row.index))), cell(row.outcome), cell(row.search), cell(row.nodes), cell(row.backtracks),
      cell(row.tokens), cell(row.solved === null || row.solved === undefined ? "" : row.solved ? "✓" : "✗"), cell(row.first_error ?? row.defect));
  }
}

function readFilter(form: HTMLFormElement): Filter {
  const fields = new FormData(form);
  const words = (name: string) => String(fields.get(name) ?? "").trim() || undefined;
  const number = (name: string) => (words(name) === undefined ? undefined : Number(words(name)));
  const solved = words("solved");
  return {
    text: words("text"), outcome: words("outcome"), search: words("search"), class: words("class"), solved: solved === undefined ? undefined : solved === "true",
    least_tokens: number("least_tokens"), most_tokens: number("most_tokens"),
  };
}
