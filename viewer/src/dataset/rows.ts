// A list of rows to choose from: by filter, the oddest first.

import { fill, figure, h } from "../dom";
import type { Source } from "../source";
import type { About, Filter, Place, ShortRow } from "../types";
import { table } from "./chart";
import { className, odd, type Odd } from "./odd";

/** Rows that are asked for at once, and rows that are shown. */
const ASKED = 1000;
const SHOWN = 50;

/** The value of the choice of all configs and splits. */
const ALL = "[null,null]";

/** How the list is sorted. */
const ORDERS: Record<string, { title: string; before: (one: Odd, other: Odd) => number }> = {
  odd: { title: "oddest first", before: () => 0 },
  index: { title: "by index", before: (one, other) => one.row.index - other.row.index },
  tokens: { title: "longest first", before: byNumber("tokens") },
  nodes: { title: "most nodes first", before: byNumber("nodes") },
  backtracks: { title: "most backtracks first", before: byNumber("backtracks") },
};

function byNumber(name: "tokens" | "nodes" | "backtracks"): (one: Odd, other: Odd) => number {
  return (one, other) => (other.row[name] ?? -1) - (one.row[name] ?? -1);
}

/** The form and the list. `address` gives the address of a row on the page. Names for the choices come from the figures. */
export function rowList(
  about: About,
  source: Source,
  choices: { outcomes: string[]; classes: string[]; searches: string[] },
  address: (place: Place) => string,
): HTMLElement {
  const list = h("div", { class: "found-rows", "data-testid": "found-rows", "aria-live": "polite" });
  const select = (name: string, title: string, options: [string, string][]) =>
    options.length < 2 ? null : h("label", {}, `${title} `, h("select", { name }, ...options.map(([value, text]) => h("option", { value }, text))));
  const named = (names: string[], all: string): [string, string][] =>
    names.length < 1 ? [] : [["", all], ...names.map((name): [string, string] => [name, name])];
  const places: [string, string][] = about.configs.flatMap((config) =>
    config.splits.map((split): [string, string] => [JSON.stringify([config.name, split.name]), `${config.name} · ${split.name}`]),
  );
  const form = h(
    "form",
    { class: "choose", onsubmit: (event) => event.preventDefault() },
    select("place", "Rows of", [...places, [ALL, "all"]]),
    select("outcome", "Outcome", named(choices.outcomes, "all")),
    select("class", "Error", named(choices.classes, "all")),
    select("search", "Search", named(choices.searches, "all")),
    select("solved", "Solved", [
      ["", "all"],
      ["true", "yes"],
      ["false", "no"],
    ]),
    h(
      "label",
      {},
      "Tokens from ",
      h("input", { name: "least_tokens", type: "number", min: 0, inputmode: "numeric" }),
      " to ",
      h("input", { name: "most_tokens", type: "number", min: 0, inputmode: "numeric", "aria-label": "Tokens to" }),
    ),
    h("label", {}, "Text ", h("input", { name: "text", type: "search" })),
    select(
      "order",
      "Sorted",
      Object.entries(ORDERS).map(([name, { title }]) => [name, title]),
    ),
  );
  let asked = 0;
  const update = async (before: ShortRow[] = [], from = 0) => {
    const mine = ++asked;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "");
    const place = text("place") || ALL;
    const [config, split] = JSON.parse(place) as [string | null, string | null];
    try {
      const answer = await source.rows({ config, split, index: from }, ASKED, filterOf(text));
      if (mine !== asked) return; // A later question has its own answer.
      const rows = [...before, ...answer.rows];
      fill(
        list,
        ...found(rows, text("order") || "odd", answer.more, place === ALL, address),
        answer.more && h("button", { type: "button", onclick: () => void update(rows, answer.next) }, "Look at more rows"),
      );
    } catch (error) {
      fill(list, h("p", { role: "alert" }, error instanceof Error ? error.message : String(error)));
    }
  };
  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => void update(), 150);
  });
  const section = h("section", { class: "rows" }, h("h2", {}, "Rows to look at"), form, list);
  void update();
  // A file of figures alone holds no row.
  if (!source.complete) void source.rows({ config: null, split: null, index: 0 }, 1, {}).then(({ rows }) => (section.hidden = rows.length === 0));
  return section;
}

/** The filter that a form tells; empty fields are left out. */
function filterOf(text: (name: string) => string): Filter {
  const filter: Filter = {};
  for (const name of ["outcome", "class", "search", "text"] as const) if (text(name) !== "") filter[name] = text(name);
  for (const name of ["least_tokens", "most_tokens"] as const) if (text(name) !== "") filter[name] = Number(text(name));
  if (text("solved") !== "") filter.solved = text("solved") === "true";
  return filter;
}

/** The rows that were found, in order. */
function found(rows: ShortRow[], order: string, more: boolean, all: boolean, address: (place: Place) => string): HTMLElement[] {
  if (rows.length === 0) return [h("p", {}, more ? "No row fits so far." : "No row fits.")];
  const number = (value: number | null) => (value === null ? "–" : figure(value));
  const lines = odd(rows)
    .sort(ORDERS[order]?.before)
    .slice(0, SHOWN)
    .map(({ row, why }) => [
      h("a", { href: address(row) }, nameOf(row, all)),
      why,
      row.outcome ?? "–",
      mark(row),
      className(row) || "–",
      number(row.tokens),
      number(row.nodes),
      number(row.backtracks),
      row.search ?? "–",
    ]);
  const count = `${figure(rows.length)}${more ? " or more" : ""} ${rows.length === 1 ? "row fits" : "rows fit"}${rows.length > SHOWN ? `; the first ${SHOWN} are shown` : ""}.`;
  return [
    h("p", { class: "muted" }, count),
    table(["row", "odd because", "outcome", "solved", "error", "tokens", "nodes", "backtracks", "search"], lines, "Rows"),
  ];
}

/** Whether the text solves its puzzle, as sign and word. */
function mark(row: ShortRow): string {
  return row.solved === true ? "✓ yes" : row.solved === false ? "✗ no" : "–";
}

/** A row's name in the list: with config and split where the list is of all of them. */
function nameOf(row: ShortRow, all: boolean): string {
  const place = all ? [row.config, row.split].filter(Boolean).join(" · ") : "";
  return place === "" ? `row ${row.index}` : `${place} · ${row.index}`;
}
