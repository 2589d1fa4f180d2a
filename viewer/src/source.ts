// Where the page has its data from: from the program that serves it, or from the page itself. Nothing else knows the difference.

import type { About, Filter, LookedAtRow, Place, RowList, ShortRow } from "./types";

export interface Source {
  about(): Promise<About>;
  row(place: Place): Promise<LookedAtRow>;
  /** At most so many rows from an index on that fit the filter. */
  rows(from: Place, count: number, filter: Filter): Promise<RowList>;
  /** Figures of a data set or of model outputs; null where there are none. */
  stats(): Promise<unknown>;
  /** Whether every row can be asked for, and not only a sample. */
  readonly complete: boolean;
}

interface Embedded {
  about: About;
  rows: LookedAtRow[];
  stats: unknown;
}

/** The source of this page. */
export function source(): Source {
  const data = document.getElementById("data")?.textContent?.trim() ?? "";
  return data === "" ? served() : embedded(JSON.parse(data) as Embedded);
}

/** Asks the program that serves the page. Addresses are relative: the token in the page's own address goes with them. */
function served(): Source {
  async function get(name: string, query: Record<string, string | number | boolean | null | undefined> = {}): Promise<unknown> {
    const address = new URL(name, document.baseURI);
    address.hash = "";
    for (const [key, value] of Object.entries(query)) if (value !== null && value !== undefined && value !== "") address.searchParams.set(key, String(value));
    const answer = await fetch(address);
    const text = await answer.text();
    if (!answer.ok) throw new Error(text.slice(0, 1000) || `the program answered ${answer.status}`);
    return JSON.parse(text) as unknown;
  }
  return {
    complete: true,
    about: async () => await get("about") as About,
    row: async (place) => await get("row", { ...place }) as LookedAtRow,
    rows: async (from, count, filter) =>
      await get("rows", { config: from.config, split: from.split, from: from.index, count, ...filter }) as RowList,
    stats: async () => await get("stats"),
  };
}

/** Reads from the page itself, which holds a sample of rows. */
function embedded(data: Embedded): Source {
  const of = (place: Place) => data.rows.filter((row) => same(row.config, place.config) && same(row.split, place.split));
  return {
    complete: false,
    about: async () => data.about,
    row: async (place) => {
      const row = of(place).find((row) => row.index === place.index);
      if (row === undefined) throw new Error("This file holds a sample, and this row is not in it.");
      return row;
    },
    rows: async (from, count, filter) => {
      const rows = of(from).filter((row) => row.index >= from.index && fits(row, filter)).sort((one, other) => one.index - other.index);
      const more = rows.length > count;
      return { rows: rows.slice(0, count).map(short), more, next: more ? rows[count].index : (rows.at(-1)?.index ?? from.index) + 1 };
    },
    stats: async () => data.stats ?? null,
  };
}

/** Whether a row's config or split is the one that is asked for; none asks for all. */
function same(have: string | null, asked: string | null): boolean {
  return asked === null || have === asked;
}

/** Whether a row fits a filter: as the program decides it, for the rows of a file. */
function fits(row: LookedAtRow, filter: Filter): boolean {
  const { id, env, outcome, search, defect, first_error, solved, tokens } = short(row);
  const found = (part: string) => id?.includes(part) || row.texts.some((text) => text.prompt.includes(part) || text.text.includes(part));
  return (!filter.env || env === filter.env)
    && (!filter.outcome || outcome === filter.outcome)
    && (!filter.search || search === filter.search)
    && (!filter.class || defect === filter.class || first_error === filter.class)
    && (filter.solved === undefined || solved === filter.solved)
    && (filter.least_tokens === undefined || (tokens ?? 0) >= filter.least_tokens)
    && (filter.most_tokens === undefined || (tokens ?? 0) <= filter.most_tokens)
    && (!filter.text || found(filter.text) === true);
}

/** What a list shows of a row. */
function short(row: LookedAtRow): ShortRow {
  const columns = row.row as Partial<ShortRow>;
  const error = row.texts.map((text) => text.verdict?.first_error).find((error) => error);
  const defect = row.texts.flatMap((text) => text.defects)[0];
  return {
    id: columns.id ?? null, config: row.config, split: row.split, index: row.index, env: row.env, outcome: columns.outcome ?? null,
    search: columns.search ?? row.search, nodes: columns.nodes ?? null, backtracks: columns.backtracks ?? null, depth: columns.depth ?? null,
    tokens: columns.tokens ?? null, bytes: row.texts.reduce((sum, text) => sum + text.text.length, 0), difficulty: columns.difficulty ?? null,
    solved: columns.solved ?? null, defect: defect?.class ?? null, first_error: error?.class ?? null, label: columns.label ?? null,
  };
}
