/** k-SAT: the variables with their values, and all clauses: satisfied, violated, with one literal left, or open. */
import { drawing, element, fields, fitting, group, list, number, numbers, picture, text, tone, warning } from "./shared";
import { contradiction, readChoice, readValues, type Choice } from "./values";

const MARGIN = 8;
const MOST_VARIABLES = 120;
const MOST_CLAUSES = 1200;

/** Whether a literal is true, false, or open. */
type Truth = boolean | null;

interface Clause {
  literals: { variable: number; negated: boolean; truth: Truth }[];
  status: "satisfied" | "violated" | "unit" | "open";
}

const MARKS = { satisfied: "✓", violated: "✗", unit: "!", open: "·" } as const;
const COLOURS = { satisfied: tone.good, violated: tone.bad, unit: tone.accent, open: tone.muted } as const;

function judge(literals: number[], value: (variable: number) => Truth): Clause {
  const judged = literals.map((literal) => {
    const [variable, negated] = [Math.abs(literal), literal < 0];
    const held = value(variable);
    return { variable, negated, truth: held === null ? null : held !== negated };
  });
  const open = judged.filter(({ truth }) => truth === null).length;
  const status = judged.some(({ truth }) => truth === true) ? "satisfied" : open === 0 ? "violated" : open === 1 ? "unit" : "open";
  return { literals: judged, status };
}

function drawVariable(variable: number, held: Truth, lost: Set<string>, x: number, y: number, width: number, changed: boolean): SVGElement {
  const value = held === null ? (lost.size === 1 ? `≠${[...lost][0]}` : "?") : held ? "T" : "F";
  const edge = changed ? tone.now : held === null ? tone.line : tone.ink;
  return group(
    {},
    element("rect", { x: x + 1.5, y: y + 1.5, width: width - 3, height: 37, rx: 4, fill: held === true ? tone.accent : held === false ? tone.faint : "none", "fill-opacity": held === true ? 0.3 : 1, stroke: edge, "stroke-width": changed ? 3 : 1.2, "stroke-dasharray": held === null ? "3 3" : undefined }),
    text(x + width / 2, y + 11, `x${variable}`, { "font-size": Math.min(13, width / 2.4), fill: tone.muted }),
    text(x + width / 2, y + 27, value, { "font-size": 15, "font-weight": 700, fill: changed ? tone.now : held === null ? tone.muted : tone.ink }),
  );
}

/** A clause: its mark, then its literals; those that are false are crossed out, those that are true stand on a ground. */
function drawClause(clause: Clause, x: number, y: number, width: number, named: boolean): SVGElement {
  const room = (width - 22) / Math.max(1, clause.literals.length);
  const middle = (place: number): number => x + 20 + room * (place + 0.5);
  const grounds = clause.literals.map(({ truth }, place) => (truth === true ? `M${(middle(place) - room / 2 + 2).toFixed(1)} ${y + 2}h${(room - 4).toFixed(1)}v17h${(4 - room).toFixed(1)}z` : "")).join("");
  const literals = clause.literals.map(({ variable, negated, truth }, place) => {
    const written = `${negated ? "¬" : ""}x${variable}`;
    const look = truth === true ? { "font-weight": 700 } : truth === false ? { fill: tone.muted, "text-decoration": "line-through" } : {};
    return text(middle(place), y + 10.5, written, { "font-size": fitting(written, room - 4, 13), ...look });
  });
  const strong = named || clause.status === "violated";
  return group(
    {},
    strong && element("rect", { x: x + 1, y, width: width - 4, height: 21, rx: 4, fill: "none", stroke: named ? tone.now : tone.bad, "stroke-width": 2 }),
    grounds !== "" && element("path", { d: grounds, fill: tone.good, "fill-opacity": 0.22 }),
    text(x + 11, y + 10.5, MARKS[clause.status], { "font-size": 14, "font-weight": 700, fill: COLOURS[clause.status] }),
    ...literals,
  );
}

/** The clause that a reason names, counted from 0. */
const namedClause = (choice: Choice | null): number => (choice?.rule ?? 0) - 1;

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const count = number(puzzle.variables);
  const clauses = list(puzzle.clauses).map((clause) => numbers(clause, 12));
  if (count === null || !Number.isInteger(count) || count < 1 || count > MOST_VARIABLES || clauses.includes(null) || clauses.length > MOST_CLAUSES) return null;
  const values = readValues(scene.state, count, ["T", "F"]);
  if (values === null) return null;
  const choice = readChoice(scene.move);
  const value = (variable: number): Truth => {
    const held = values.decided[variable - 1];
    return held === "T" ? true : held === "F" ? false : null;
  };
  const judged = (clauses as number[][]).map((clause) => judge(clause, value));
  // wider where there are many clauses, so that the picture does not become a strip
  const full = judged.length > 60 ? 700 : 440;
  const most = Math.floor(full / 36);
  const across = Math.ceil(count / Math.ceil(count / most));
  const width = Math.min(60, (full - 2 * MARGIN) / across);
  const variables = Array.from({ length: count }, (_, place) => {
    const [x, y] = [MARGIN + (place % across) * width, 4 + Math.floor(place / across) * 40];
    return drawVariable(place + 1, value(place + 1), values.lost.get(`x${place + 1}`) ?? new Set(), x, y, width, choice?.variable === `x${place + 1}`);
  });
  const longest = Math.max(1, ...judged.map(({ literals }) => literals.length));
  const perRow = Math.max(1, Math.floor(full / (longest <= 3 ? 138 : 30 + 44 * longest)));
  const room = (full - 2 * MARGIN) / perRow;
  const top = 34 + Math.ceil(count / across) * 40;
  const rows = Math.ceil(judged.length / perRow);
  // clauses go down the columns, in their order
  const drawn = judged.map((clause, place) => drawClause(clause, MARGIN + Math.floor(place / rows) * room, top + (place % rows) * 23, room, place === namedClause(choice)));
  const tally = (status: Clause["status"]): number => judged.filter((clause) => clause.status === status).length;
  const legend = [`✓ ${tally("satisfied")} true`, `✗ ${tally("violated")} false`, `! ${tally("unit")} one left`, `· ${tally("open")} open`].join("\u2003");
  return picture(
    full,
    top + rows * 23 + (values.contradicts ? 28 : 6),
    `${count} variables, ${judged.length} clauses: ${tally("satisfied")} satisfied, ${tally("violated")} violated.`,
    ...variables,
    text(full / 2, top - 15, legend, { "font-size": 13, fill: tone.muted }),
    ...drawn,
    warning(MARGIN, top + rows * 23 + 14, contradiction(values, choice)),
  );
});
