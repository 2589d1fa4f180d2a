/** River crossing: who is on either bank, where the boat is and who was in it last, and company that is not allowed. */
import { drawing, element, fields, fitting, group, list, number, picture, strings, text, tone, words } from "./shared";

const BANK = 150;
const RIVER = 130;
const TOP = 44;
const ROW = 34;
const MOST = 24;

/** What there is to be carried over: one by one, with the names by which a state counts or lists them. */
interface Party {
  /** People: missionaries and cannibals; items: one of each name. */
  people: [number, number] | null;
  items: string[];
  pairs: string[][];
}

interface Load {
  missionaries: number;
  cannibals: number;
  items: string[];
}

function readParty(puzzle: Record<string, unknown>): Party | null {
  const [missionaries, cannibals] = [number(puzzle.missionaries), number(puzzle.cannibals)];
  if (missionaries !== null && cannibals !== null) {
    const fits = [missionaries, cannibals].every((count) => Number.isInteger(count) && count >= 0 && count <= MOST);
    return fits ? { people: [missionaries, cannibals], items: [], pairs: [] } : null;
  }
  const items = strings(puzzle.items, MOST);
  const pairs = list(puzzle.pairs).map((pair) => strings(pair, 2) ?? []);
  return items === null || items.length === 0 ? null : { people: null, items, pairs };
}

/** Those of a list of words: `2 1` are people, `corn hen` are items; null if the words are none of the party. */
function readLoad(party: Party, all: string[]): Load | null {
  if (party.people === null) return all.every((item) => party.items.includes(item)) ? { missionaries: 0, cannibals: 0, items: all } : null;
  const [missionaries, cannibals] = all.map(Number);
  const fits = all.length === 2 && missionaries <= party.people[0] && cannibals <= party.people[1] && missionaries >= 0 && cannibals >= 0;
  return fits ? { missionaries, cannibals, items: [] } : null;
}

const without = (party: Party, near: Load): Load => ({
  missionaries: (party.people?.[0] ?? 0) - near.missionaries,
  cannibals: (party.people?.[1] ?? 0) - near.cannibals,
  items: party.items.filter((item) => !near.items.includes(item)),
});

/** A missionary is a circle with an M, a cannibal a triangle with a C. */
function drawPerson(kind: "M" | "C", x: number, y: number, size: number, thick: boolean): SVGElement {
  const edge = { stroke: thick ? tone.now : tone.ink, "stroke-width": thick ? 3 : 1.5 };
  const shape =
    kind === "M"
      ? element("circle", { cx: x, cy: y, r: size * 0.44, fill: `color-mix(in oklab, var(--accent) 55%, ${tone.paper})`, ...edge })
      : element("path", { d: `M${x} ${y - size * 0.52} L${x + size * 0.54} ${y + size * 0.42} H${x - size * 0.54} Z`, fill: `color-mix(in oklab, var(--colour-orange) 55%, ${tone.paper})`, "stroke-linejoin": "round", ...edge });
  return group({}, shape, text(x, y + (kind === "C" ? size * 0.14 : 0), kind, { "font-size": size * 0.46, "font-weight": 700 }));
}

function drawItem(name: string, x: number, y: number, width: number, thick: boolean, bad: boolean): SVGElement {
  const edge = bad ? tone.bad : thick ? tone.now : tone.line;
  return group(
    {},
    element("rect", { x: x - width / 2, y: y - 13, width, height: 26, rx: 13, fill: tone.paper, stroke: edge, "stroke-width": thick || bad ? 3 : 1.5 }),
    text(x, y, bad ? `${name} ✗` : name, { "font-size": fitting(bad ? `${name} ✗` : name, width - 12, 15), "font-weight": 600 }),
  );
}

/** Rows of people that stand between x and x + BANK. */
function drawBank(load: Load, x: number, moved: Load | null, bad: Set<string>): SVGElement {
  const drawn: SVGElement[] = [];
  const most = Math.max(load.missionaries, load.cannibals, 1);
  const size = Math.min(30, (BANK - 20) / Math.min(most, 5));
  const stand = (kind: "M" | "C", count: number, new_: number, top: number) => {
    for (let place = 0; place < count; place++) {
      drawn.push(drawPerson(kind, x + 12 + size * ((place % 5) + 0.5), top + size * Math.floor(place / 5), size * 0.92, place >= count - new_));
    }
  };
  stand("M", load.missionaries, moved?.missionaries ?? 0, TOP + 26);
  stand("C", load.cannibals, moved?.cannibals ?? 0, TOP + 26 + size * Math.ceil(Math.max(1, load.missionaries) / 5) + 6);
  load.items.forEach((item, place) => {
    drawn.push(drawItem(item, x + BANK / 2, TOP + 24 + ROW * place, BANK - 40, moved?.items.includes(item) ?? false, bad.has(item)));
  });
  return group({}, ...drawn);
}

/** Items that are left alone with another that they must not be alone with; empty where the boat is. */
const quarrels = (party: Party, load: Load, boat: boolean): Set<string> =>
  new Set(boat ? [] : party.pairs.filter((pair) => pair.length === 2 && pair.every((item) => load.items.includes(item))).flat());

const outnumbered = (load: Load): boolean => load.missionaries > 0 && load.cannibals > load.missionaries;

function drawBoat(near: boolean, middle: number, seats: number, last: string): SVGElement {
  const x = BANK + (near ? 36 : RIVER - 36);
  const hull = `M${x - 34} ${middle} h68 l-11 20 h-46 z`;
  const arrow = near ? `M${BANK + RIVER - 12} ${middle - 26} H${BANK + 16} m9 -6 l-9 6 l9 6` : `M${BANK + 12} ${middle - 26} H${BANK + RIVER - 16} m-9 -6 l9 6 l-9 6`;
  return group(
    {},
    element("path", { d: hull, fill: tone.paper, stroke: tone.ink, "stroke-width": 2, "stroke-linejoin": "round" }),
    text(x, middle + 9, `seats ${seats}`, { "font-size": 12 }),
    last !== "" && element("path", { d: arrow, fill: "none", stroke: tone.now, "stroke-width": 2.5 }),
    last !== "" && text(BANK + RIVER / 2, middle - 42, last, { "font-size": fitting(last, RIVER - 14, 15), fill: tone.now, "font-weight": 700 }),
  );
}

/** Who went over last, in words. */
function said(party: Party, load: Load | null): string {
  if (load === null) return "";
  if (party.people === null) return load.items.length === 0 ? "farmer alone" : load.items.join(", ");
  return [load.missionaries > 0 ? `${load.missionaries} M` : "", load.cannibals > 0 ? `${load.cannibals} C` : ""].filter((one) => one !== "").join(" + ");
}

/** The pairs that must not be alone, in lines below the river. */
function drawPairs(pairs: string[][], y: number): SVGElement[] {
  const named = pairs.filter((pair) => pair.length === 2).map((pair) => pair.join("–"));
  if (named.length === 0) return [];
  const lines = ["not alone:"];
  for (const pair of named) {
    const line = lines[lines.length - 1];
    if (line.length + pair.length > 58) lines.push(`  ${pair}`);
    else lines[lines.length - 1] = `${line}  ${pair}`;
  }
  return lines.map((line, row) => text(10, y + 18 * row, line, { "text-anchor": "start", "font-size": 13, fill: tone.muted }));
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const party = readParty(puzzle);
  if (party === null) return null;
  const all = scene.state === null ? [...(party.people?.map(String) ?? party.items), "near"] : words(scene.state);
  const side = all.pop();
  const near = readLoad(party, all);
  if (near === null || (side !== "near" && side !== "far")) return null;
  const boatNear = side === "near";
  const far = without(party, near);
  const moved = scene.move ? readLoad(party, words(scene.move).filter((word) => word !== "(" && word !== ")")) : null;
  const bad = [quarrels(party, near, boatNear), quarrels(party, far, !boatNear)];

  const people = Math.ceil((party.people?.[0] ?? 0) / 5) + Math.ceil((party.people?.[1] ?? 0) / 5);
  const height = Math.max(132, party.people ? 46 + 30 * people : 24 + ROW * party.items.length);
  const bottom = TOP + height;
  const width = 2 * BANK + RIVER;
  const warn = [near, far].map((load) => party.people !== null && outnumbered(load));
  const bank = (name: string, x: number, warning: boolean, boat: boolean) =>
    group(
      {},
      element("rect", { x, y: TOP - 6, width: BANK, height: height + 6, fill: tone.faint }),
      text(x + BANK / 2, 20, name, { "font-size": 13, "font-weight": boat ? 700 : 500, fill: boat ? tone.ink : tone.muted }),
      warning && text(x + BANK / 2, bottom - 12, "✗ outnumbered", { "font-size": 14, "font-weight": 700, fill: tone.bad }),
    );
  const waves = [0.77, 0.9].map((part) => {
    const y = TOP + height * part;
    return element("path", { d: `M${BANK + 16} ${y} q12 -9 24 0 t24 0 t24 0 t24 0`, fill: "none", stroke: "var(--accent)", "stroke-width": 2, opacity: 0.7 });
  });
  const pairs = drawPairs(party.pairs, bottom + 18);
  const count = (load: Load) => (party.people ? `${load.missionaries} missionaries and ${load.cannibals} cannibals` : load.items.join(", ") || "nothing");
  return picture(
    width,
    bottom + 8 + (pairs.length > 0 ? 10 + 18 * pairs.length : 0),
    `Near bank: ${count(near)}. Far bank: ${count(far)}. The boat is ${boatNear ? "near" : "far"}.`,
    bank(party.people ? "near bank" : `near bank${boatNear ? " + farmer" : ""}`, 0, warn[0], boatNear),
    bank(party.people ? "far bank" : `far bank${boatNear ? "" : " + farmer"}`, BANK + RIVER, warn[1], !boatNear),
    element("rect", { x: BANK, y: TOP - 6, width: RIVER, height: height + 6, fill: `color-mix(in oklab, var(--accent) 22%, ${tone.paper})` }),
    ...waves,
    drawBank(near, 0, boatNear ? moved : null, bad[0]),
    drawBank(far, BANK + RIVER, boatNear ? null : moved, bad[1]),
    drawBoat(boatNear, TOP + height * 0.52, number(puzzle.boat) ?? 0, said(party, moved)),
    ...pairs,
  );
});
