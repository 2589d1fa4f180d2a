/** A zebra puzzle: a table of houses with what is in them, or what still can be; and the clues, with those that hold or are broken. */
import { cut, drawing, element, fields, fitting, group, list, picture, strings, text, tone, warning } from "./shared";
import { contradiction, lose, readChoice, readValues, type Choice, type Values } from "./values";

const MARGIN = 10;
const LINE = 13;
const MOST_HOUSES = 12;
const MOST_CLUES = 80;

interface Clue {
  kind: string;
  things: string[];
  house: number;
}

/** Where a thing can be, as numbers of houses. */
type Places = (thing: string) => number[];

/** A clue such as `{"left": ["fox", "green"]}`; null if it is none. */
function readClue(value: unknown): Clue | null {
  const [entry] = Object.entries(fields(value));
  if (!entry) return null;
  const things = list(entry[1]).filter((one) => typeof one === "string");
  const house = list(entry[1]).find((one) => typeof one === "number");
  return things.length > 0 ? { kind: entry[0], things, house: typeof house === "number" ? house : 0 } : null;
}

function said({ kind, things, house }: Clue): string {
  const [a, b = ""] = things;
  switch (kind) {
    case "at": return `${a} in house ${house}`;
    case "notat": return `${a} not in house ${house}`;
    case "same": return `${a} with ${b}`;
    case "next": return `${a} next to ${b}`;
    case "left": return `${a} just left of ${b}`;
    case "apart": return `${a} not with ${b}`;
    case "before": return `${a} somewhere left of ${b}`;
    case "gap": return `${a} and ${b} are ${house} apart`;
    default: return `${kind} ${things.join(" ")}`;
  }
}

function holds({ kind, house }: Clue, a: number, b: number): boolean {
  switch (kind) {
    case "at": return a === house;
    case "notat": return a !== house;
    case "same": return a === b;
    case "next": return Math.abs(a - b) === 1;
    case "left": return a + 1 === b;
    case "apart": return a !== b;
    case "before": return a < b;
    case "gap": return Math.abs(a - b) === house;
    default: return true;
  }
}

/** Whether a clue holds wherever its things can still be, nowhere, or in some places. */
function judge(clue: Clue, places: Places): "holds" | "broken" | "open" {
  const [a, b] = [places(clue.things[0]), clue.things[1] === undefined ? [0] : places(clue.things[1])];
  const all = a.flatMap((one) => b.map((other) => holds(clue, one, other)));
  return all.length === 0 || !all.includes(true) ? "broken" : all.includes(false) ? "open" : "holds";
}

/** The clue that the reason of a move names: rules are the kinds of things first, then clues about two things. */
function namedClue(choice: Choice | null, kinds: number, clues: Clue[]): Clue | null {
  const pairs = clues.filter(({ kind }) => kind !== "at" && kind !== "notat");
  return pairs[(choice?.rule ?? 0) - 1 - kinds] ?? null;
}

interface Table {
  kinds: string[][];
  values: Values;
  choice: Choice | null;
  width: number;
  height: number;
}

/** The house in which a thing was put, or null. */
function houseOf({ kinds, values }: Pick<Table, "kinds" | "values">, thing: string): number | null {
  const value = values.decided[kinds.flat().indexOf(thing)];
  return value ? Number(value) : null;
}

/** Whether the last move is about a thing of this kind in this house. */
const isTouched = ({ kinds, choice }: Table, kind: number, house: number): boolean => choice?.value === String(house) && kinds[kind].includes(choice.variable ?? "");

function drawCell(table: Table, kind: number, house: number, x: number, y: number): SVGElement {
  const { kinds, values, choice, width, height } = table;
  const things = kinds[kind];
  const here = things.filter((thing) => houseOf(table, thing) === house);
  const touched = isTouched(table, kind, house);
  const frame = element("rect", { x, y, width, height, fill: here.length === 1 ? `color-mix(in oklab, ${tone.accent} 16%, ${tone.paper})` : tone.paper, stroke: touched ? tone.now : tone.line, "stroke-width": touched ? 3 : 1 });
  if (here.length > 0) {
    const name = here.join(" / ");
    return group({}, frame, text(x + width / 2, y + height / 2, cut(name, 20), { "font-size": fitting(name, width - 14, 17), "font-weight": 700, fill: touched ? tone.now : here.length > 1 ? tone.bad : tone.ink }));
  }
  const columns = things.length > 4 ? 2 : 1;
  // all things of a kind are written in one size
  const size = fitting("x".repeat(Math.max(...things.map((thing) => thing.length))), width / columns - 4, 12);
  const lines = things.map((thing, place) => {
    const taken = houseOf(table, thing) !== null;
    const lost = values.lost.get(thing)?.has(String(house)) ?? false;
    const [at, level] = [x + (width / columns) * ((place % columns) + 0.5), y + 4 + LINE * (Math.floor(place / columns) + 0.5)];
    if (taken) return null;
    const newest = touched && thing === choice?.variable;
    return text(at, level, cut(thing, 16), { "font-size": size, fill: newest ? tone.now : lost ? tone.muted : tone.ink, "font-weight": newest ? 700 : 400, "text-decoration": lost ? "line-through" : undefined });
  });
  return group({}, frame, ...lines);
}

const MARKS = { holds: "✓", broken: "✗", open: "·" } as const;
const COLOURS = { holds: tone.good, broken: tone.bad, open: tone.muted } as const;

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const kinds = list(puzzle.attributes).map((things) => strings(things, MOST_HOUSES));
  const clues = list(puzzle.clues).map(readClue);
  const houses = kinds[0]?.length ?? 0;
  const odd = kinds.some((things) => things === null || things.length !== houses) || clues.includes(null);
  if (odd || houses === 0 || kinds.length > MOST_HOUSES || clues.length > MOST_CLUES) return null;
  const values = readValues(scene.state, houses * kinds.length, Array.from({ length: houses }, (_, house) => String(house + 1)));
  if (values === null) return null;
  const things = kinds as string[][];
  for (const { kind, things: [thing], house } of clues as Clue[]) {
    for (let other = 1; other <= houses; other++) {
      if ((kind === "at" && other !== house) || (kind === "notat" && other === house)) lose(values, thing, String(other));
    }
  }
  const choice = readChoice(scene.move);
  const width = Math.max(76, Math.min(136, 500 / houses));
  const height = 8 + LINE * (houses > 4 ? Math.ceil(houses / 2) : houses);
  const table: Table = { kinds: things, values, choice, width, height };
  const places: Places = (thing) => {
    const house = houseOf(table, thing);
    const lost = values.lost.get(thing);
    const all = Array.from({ length: houses }, (_, place) => place + 1);
    return house !== null ? [house] : all.filter((one) => !lost?.has(String(one)));
  };
  const full = 2 * MARGIN + houses * width;
  const top = 30;
  const heads = Array.from({ length: houses }, (_, house) => text(MARGIN + (house + 0.5) * width, 16, `house ${house + 1}`, { "font-size": 13, fill: tone.muted }));
  const order = things.flatMap((_, kind) => Array.from({ length: houses }, (_none, house) => ({ kind, house: house + 1 })));
  // the cell of the last move above its neighbours, so that all of its edge is seen
  order.sort((one, other) => Number(isTouched(table, one.kind, one.house)) - Number(isTouched(table, other.kind, other.house)));
  const cells = order.map(({ kind, house }) => drawCell(table, kind, house, MARGIN + (house - 1) * width, top + kind * height));
  const below = top + things.length * height + 16;
  const named = namedClue(choice, things.length, clues as Clue[]);
  const rows = Math.ceil(clues.length / 2);
  const column = (full - 2 * MARGIN) / 2;
  const longest = Math.min(60, Math.max(1, ...(clues as Clue[]).map((clue) => said(clue).length)));
  const size = fitting("x".repeat(longest), column - 26, 13.5);
  const written = (clues as Clue[]).map((clue, place) => {
    const verdict = judge(clue, places);
    const [x, y] = [MARGIN + Math.floor(place / rows) * column, below + (place % rows) * 20];
    return group(
      {},
      clue === named && element("rect", { x, y: y - 10, width: column - 4, height: 20, rx: 4, fill: "none", stroke: tone.now, "stroke-width": 2 }),
      text(x + 10, y, MARKS[verdict], { "font-size": 14, "font-weight": 700, fill: COLOURS[verdict] }),
      text(x + 22, y, cut(said(clue), 60), { "text-anchor": "start", "font-size": size, fill: verdict === "holds" ? tone.muted : tone.ink }),
    );
  });
  const known = things.flat().filter((thing) => houseOf(table, thing) !== null).map((thing) => `${thing} ${houseOf(table, thing)}`);
  const foot = below + rows * 20;
  return picture(full, foot + (values.contradicts ? 20 : 0), `${houses} houses. Known: ${known.join(", ") || "nothing"}.`, ...heads, ...cells, ...written, warning(MARGIN, foot + 6, contradiction(values, choice)));
});
