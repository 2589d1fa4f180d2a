// Which rows of a list are odd: those that have what few of the others have. A row is as odd as its rarest feature: log2(1 / share of the rows with it).

import type { ShortRow } from "../types";

/** Why a row is odd, and how much, in bits. */
export interface Odd {
  row: ShortRow;
  bits: number;
  why: string;
}

const NUMBERS = ["tokens", "nodes", "backtracks"] as const;

/** The rows with their oddness among each other, rows of one config at a time; the oddest first. */
export function odd(rows: ShortRow[]): Odd[] {
  const found = [...grouped(rows, (row) => `${row.env ?? ""}/${row.config ?? ""}`).values()].flatMap(oddOf);
  return found.sort((one, other) => other.bits - one.bits || one.row.index - other.row.index);
}

function oddOf(rows: ShortRow[]): Odd[] {
  const best = new Map<ShortRow, Odd>(rows.map((row) => [row, { row, bits: 0, why: "" }]));
  const tell = (row: ShortRow, bits: number, why: string) => {
    const before = best.get(row);
    if (before === undefined || bits > before.bits + 1e-9) best.set(row, { row, bits, why });
  };
  for (const feature of NUMBERS) extremes(rows, feature, tell);
  for (const [name, of] of FEATURES) {
    for (const [value, group] of grouped(rows, of)) {
      if (value === "" || group.length === rows.length) continue;
      for (const row of group) tell(row, Math.log2(rows.length / group.length), `${name} ${value}: ${group.length} of ${rows.length} rows`);
    }
  }
  const again = [...grouped(rows, (row) => `${row.split ?? ""} ${row.id ?? ""}`)].filter(([id, group]) => group.length > 1 && !id.endsWith(" "));
  const repeats = again.reduce((sum, [, group]) => sum + group.length - 1, 0);
  for (const [, group] of again) {
    for (const row of group.slice(1)) tell(row, Math.log2(rows.length / repeats), `the puzzle of row ${group[0].index} again`);
  }
  return [...best.values()];
}

const FEATURES: [string, (row: ShortRow) => string][] = [
  ["outcome", (row) => row.outcome ?? ""],
  ["class", className],
  ["search", (row) => row.search ?? ""],
  ["outcome and verdict", (row) => (row.outcome === "solved" && row.solved === false ? "solved, but this text is wrong" : "")],
];

/** Rows at both ends of a number. A row is as odd as there are few rows as far out. */
function extremes(rows: ShortRow[], feature: (typeof NUMBERS)[number], tell: (row: ShortRow, bits: number, why: string) => void): void {
  const known = rows.filter((row) => typeof row[feature] === "number");
  const sorted = known.map((row) => row[feature] as number).sort((one, other) => one - other);
  if (known.length < 3 || sorted[0] === sorted[sorted.length - 1]) return;
  for (const row of known) {
    const value = row[feature] as number;
    const atLeast = sorted.length - first(sorted, (other) => other >= value);
    const atMost = first(sorted, (other) => other > value);
    const [far, word] = atLeast <= atMost ? [atLeast, "most"] : [atMost, "fewest"];
    const rank = far === 1 ? `the ${word}` : `among the ${far} with the ${word}`;
    tell(row, Math.log2(known.length / far) - 1, `${value.toLocaleString("en")} ${feature}, ${rank} of ${known.length} rows`);
  }
}

/** The first place of a sorted list where something holds, by halving. */
function first(sorted: number[], holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

function grouped(rows: ShortRow[], of: (row: ShortRow) => string): Map<string, ShortRow[]> {
  const groups = new Map<string, ShortRow[]>();
  for (const row of rows) {
    const group = groups.get(of(row));
    if (group === undefined) groups.set(of(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** The class of what is wrong in a row: the first error that the checker found, or else the first planted defect; empty where there is none. */
export function className(row: ShortRow): string {
  return row.first_error ?? row.defect ?? "";
}
