/** Knights and knaves: the persons as what they are held to be, what each of them claims, and whether the claim fits who says it. */
import { cut, drawing, element, fields, fitting, group, list, picture, strings, text, tone, warning } from "./shared";
import { contradiction, readChoice, readValues } from "./values";

const WIDTH = 420;
const ROW = 58;
/** Letters in a line of a claim. */
const LETTERS = 27;
const MOST_PEOPLE = 26;
const MOST_DEPTH = 20;

/** Whether a person is a knight; null where that is open. */
type Knight = (person: number) => boolean | null;

/** A part of a claim: a person and a kind, or a claim of its own. */
type Claim = { word: string; parts: Claim[] } | { word: "is"; person: number; knight: boolean } | { word: "same" | "differ"; people: [number, number] };

/** A claim as JSON; null if it is none. */
function readClaim(value: unknown, depth = 0): Claim | null {
  if (depth > MOST_DEPTH) return null;
  const [person, knight] = list(value);
  if (typeof person === "number" && typeof knight === "boolean") return { word: "is", person, knight };
  const [entry] = Object.entries(fields(value));
  if (!entry) return null;
  const [word, told] = entry;
  if (word === "is") return readClaim(told, depth + 1);
  const [a, b] = list(told);
  if (word === "same" || word === "differ") return typeof a === "number" && typeof b === "number" ? { word, people: [a, b] } : null;
  const parts = (word === "not" ? [told] : list(told)).map((part) => readClaim(part, depth + 1));
  return parts.length > 0 && !parts.includes(null) ? { word, parts: parts as Claim[] } : null;
}

/** What a claim says, with the names of the people; claims within claims in parentheses. */
function said(claim: Claim, name: (person: number) => string): string {
  if ("person" in claim) return `${name(claim.person)} is a ${claim.knight ? "knight" : "knave"}`;
  if ("people" in claim) return `${name(claim.people[0])} and ${name(claim.people[1])} are ${claim.word === "same" ? "the same" : "different"}`;
  const parts = claim.parts.map((part) => ("parts" in part ? `(${said(part, name)})` : said(part, name)));
  if (claim.word === "not") return `not: ${parts[0]}`;
  if (claim.word === "if") return `if ${parts[0]}, then ${parts[1]}`;
  return parts.join(claim.word === "iff" ? " if and only if " : ` ${claim.word} `);
}

/** Whether a claim is true, false, or open, as far as is known who is what. */
function truth(claim: Claim, knight: Knight): boolean | null {
  if ("person" in claim) {
    const is = knight(claim.person);
    return is === null ? null : is === claim.knight;
  }
  if ("people" in claim) {
    const [a, b] = claim.people.map(knight);
    return a === null || b === null ? null : (a === b) === (claim.word === "same");
  }
  const parts = claim.parts.map((part) => truth(part, knight));
  const any = (all: (boolean | null)[], wanted: boolean): boolean | null => (all.includes(wanted) ? wanted : all.includes(null) ? null : !wanted);
  switch (claim.word) {
    case "and": return any(parts, false);
    case "or": return any(parts, true);
    case "if": return any([parts[0] === null ? null : !parts[0], parts[1]], true);
    case "iff": return parts.includes(null) ? null : parts[0] === parts[1];
    case "not": return parts[0] === null ? null : !parts[0];
    default: return null;
  }
}

/** A knight is a shield, a knave a mask, and who may be either a dashed circle. */
function drawPerson(x: number, y: number, knight: boolean | null, lost: Set<string>, changed: boolean): SVGElement {
  const edge = { stroke: changed ? tone.now : knight === null ? tone.line : tone.ink, "stroke-width": changed ? 3.5 : 2, "stroke-linejoin": "round" };
  if (knight === true) {
    return group(
      {},
      element("path", { d: `M${x - 14} ${y - 16} h28 v14 q0 14 -14 20 q-14 -6 -14 -20 z`, fill: `color-mix(in oklab, var(--accent) 45%, ${tone.paper})`, ...edge }),
      element("path", { d: `M${x} ${y - 10} v20 M${x - 8} ${y - 4} h16`, fill: "none", stroke: tone.ink, "stroke-width": 2.5 }),
    );
  }
  if (knight === false) {
    return group(
      {},
      element("path", { d: `M${x - 17} ${y - 10} q17 -8 34 0 q2 20 -10 20 q-5 0 -7 -5 q-2 5 -7 5 q-12 0 -10 -20 z`, fill: `color-mix(in oklab, var(--colour-orange) 50%, ${tone.paper})`, ...edge }),
      ...[-7, 7].map((aside) => element("ellipse", { cx: x + aside, cy: y - 2, rx: 4, ry: 3, fill: tone.ink })),
    );
  }
  const written = lost.size === 1 ? `not ${[...lost][0]}` : "?";
  return group({}, element("circle", { cx: x, cy: y, r: 16, fill: tone.paper, "stroke-dasharray": "4 3", ...edge }), text(x, y, written === "?" ? "?" : "≠", { "font-size": 18, fill: tone.muted }));
}

/** Words in lines of about so many letters; what does not fit two lines is cut off. */
function lines(written: string): string[] {
  const all: string[] = [""];
  for (const word of written.split(" ")) {
    const last = all[all.length - 1];
    if (last !== "" && last.length + word.length + 1 > LETTERS) all.push(word);
    else all[all.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return all.length <= 3 ? all : [all[0], all[1], `${cut(all[2], LETTERS - 2)} …`];
}

function drawClaim(written: string, y: number, named: boolean, verdict: boolean | null, fits: boolean | null): SVGElement {
  const x = 138;
  const all = lines(written);
  const mark = fits === null ? "" : fits ? "✓" : "✗";
  const ground = { x, y: y - 25, width: WIDTH - x - 70, height: 50, rx: 8 };
  return group(
    {},
    element("path", { d: `M${x + 1} ${y - 7} l-11 7 l11 7`, fill: tone.faint, stroke: named ? tone.now : tone.line, "stroke-width": named ? 2.5 : 1 }),
    element("rect", { ...ground, fill: tone.faint, stroke: named ? tone.now : tone.line, "stroke-width": named ? 2.5 : 1 }),
    ...all.map((line, row) => text(x + 9, y + (row - (all.length - 1) / 2) * 16, line, { "text-anchor": "start", "font-size": 12.5 })),
    text(WIDTH - 46, y, verdict === null ? "open" : verdict ? "true" : "false", { "font-size": 13, fill: verdict === null ? tone.muted : tone.ink }),
    text(WIDTH - 14, y, mark, { "font-size": 17, "font-weight": 700, fill: fits === false ? tone.bad : tone.good }),
  );
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const people = strings(puzzle.people, MOST_PEOPLE);
  const statements = list(puzzle.statements).map((statement) => ({ by: list(statement)[0], claim: readClaim(list(statement)[1]) }));
  if (people === null || people.length === 0 || statements.length > 60 || statements.some(({ by, claim }) => typeof by !== "number" || claim === null)) return null;
  const values = readValues(scene.state, people.length, ["knight", "knave"]);
  if (values === null) return null;
  const choice = readChoice(scene.move);
  const knight: Knight = (person) => {
    const value = values.decided[person - 1];
    return value === "knight" ? true : value === "knave" ? false : null;
  };
  const name = (person: number): string => people[person - 1] ?? "?";
  const rows: SVGElement[] = [];
  let y = 34;
  people.forEach((person, place) => {
    const claims = statements.map((statement, number) => ({ ...statement, number })).filter(({ by }) => by === place + 1);
    const is = knight(place + 1);
    const lost = values.lost.get(person) ?? new Set<string>();
    const kind = is === null ? (lost.size === 1 ? `not ${[...lost][0]}` : "open") : is ? "knight" : "knave";
    rows.push(
      drawPerson(26, y, is, lost, choice?.variable === person),
      text(52, y - 9, cut(person, 12), { "text-anchor": "start", "font-size": fitting(person, 66, 16), "font-weight": 700 }),
      text(52, y + 10, kind, { "text-anchor": "start", "font-size": 12.5, fill: choice?.variable === person ? tone.now : tone.muted, "font-weight": choice?.variable === person ? 700 : 400 }),
    );
    claims.forEach(({ claim, number }, row) => {
      if (claim === null) return;
      const verdict = truth(claim, knight);
      const fits = is === null || verdict === null ? null : is === verdict;
      rows.push(drawClaim(said(claim, name), y + row * ROW, choice?.rule === number + 1, verdict, fits));
    });
    y += ROW * Math.max(1, claims.length);
  });
  const known = people.map((person, place) => `${person} ${values.decided[place] ?? "open"}`).join(", ");
  return picture(WIDTH, y - (values.contradicts ? 2 : 22), `Who is a knight, who a knave? ${known}.`, ...rows, warning(12, y - 14, contradiction(values, choice)));
});
