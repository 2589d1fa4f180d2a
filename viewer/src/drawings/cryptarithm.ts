/** A cryptarithm: the sum with a digit below each letter, and a table of the digits that each letter has, can have, and has lost. */
import { drawing, element, fields, group, picture, strings, text, tone, warning } from "./shared";
import { contradiction, lose, readChoice, readValues } from "./values";

const CELL = 34;
const HEIGHT = 44;
const SMALL = 19;
const MOST_ADDENDS = 8;
const MOST_LETTERS = 20;

/** The letters in the order of their first occurrence: that of the values in a state. */
const lettersOf = (all: string[]): string[] => [...new Set(all.flatMap((word) => [...word]))];

/** The columns from the right that add up, as far as their digits and the carry before them are known; and the carry into each. */
function columns(addends: string[], sum: string, digit: Map<string, number>): { holds: boolean; carry: number }[] {
  const known: { holds: boolean; carry: number }[] = [];
  const width = Math.max(sum.length, ...addends.map((word) => word.length));
  let carry = 0;
  for (let place = 1; place <= width; place++) {
    const letters = addends.map((word) => word[word.length - place]).filter((letter) => letter !== undefined);
    const below = sum[sum.length - place];
    const digits = letters.map((letter) => digit.get(letter));
    const result = below === undefined ? 0 : digit.get(below);
    if (digits.includes(undefined) || result === undefined) break;
    const total = (digits as number[]).reduce((one, other) => one + other, carry);
    known.push({ holds: total % 10 === result && (place < width || total < 10), carry });
    carry = Math.floor(total / 10);
  }
  return known;
}

function drawLetter(letter: string, value: string | null, x: number, y: number, changed: boolean): SVGElement {
  return group(
    {},
    element("rect", { x: x + 2, y: y + 2, width: CELL - 4, height: HEIGHT - 4, rx: 4, fill: value === null ? "none" : tone.paper, stroke: changed ? tone.now : value === null ? tone.line : tone.ink, "stroke-width": changed ? 3 : 1.3, "stroke-dasharray": value === null ? "3 3" : undefined }),
    text(x + CELL / 2, y + (value === null ? HEIGHT / 2 : 13), letter, { "font-size": value === null ? 16 : 13, fill: value === null ? tone.ink : tone.muted, "font-weight": 600 }),
    value !== null && text(x + CELL / 2, y + 30, value, { "font-size": 20, "font-weight": 700, fill: changed ? tone.now : tone.ink }),
  );
}

/** One letter's row in the table: its digit, what it has lost, and what others have. */
function drawRow(letter: string, value: string | null, lost: Set<string>, taken: Set<string>, x: number, y: number): SVGElement[] {
  const cells = [text(x - 14, y, letter, { "font-size": 15, "font-weight": 700 })];
  for (let digit = 0; digit < 10; digit++) {
    const at = x + SMALL * (digit + 0.5);
    const own = value === String(digit);
    const out = lost.has(String(digit));
    if (own) {
      cells.push(element("rect", { x: at - 8, y: y - 8, width: 16, height: 16, rx: 3, fill: tone.accent }), text(at, y, digit, { "font-size": 13, "font-weight": 700, fill: "var(--on-accent)" }));
    } else if (value === null && out) {
      cells.push(text(at, y, "×", { "font-size": 14, fill: tone.bad }));
    } else if (value === null && !taken.has(String(digit))) {
      cells.push(text(at, y, digit, { "font-size": 13 }));
    } else {
      cells.push(text(at, y, "·", { "font-size": 13, fill: tone.muted }));
    }
  }
  return cells;
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const addends = strings(puzzle.addends, MOST_ADDENDS);
  const { sum } = puzzle;
  if (addends === null || addends.length === 0 || typeof sum !== "string") return null;
  const rows = [...addends, sum];
  const letters = lettersOf(rows);
  const width = Math.max(...rows.map((word) => word.length));
  if (letters.length === 0 || letters.length > MOST_LETTERS || width > 16 || rows.includes("")) return null;
  const values = readValues(scene.state, letters.length, [..."0123456789"]);
  if (values === null) return null;
  rows.forEach((word) => lose(values, word[0], "0"));
  const choice = readChoice(scene.move);
  const value = (letter: string): string | null => values.decided[letters.indexOf(letter)] ?? null;
  const digit = new Map(letters.map((letter) => [letter, Number(value(letter) ?? NaN)] as const).filter(([, one]) => !Number.isNaN(one)));
  const taken = new Set(values.decided.filter((one) => one !== null));

  const left = 32;
  const right = left + width * CELL;
  const top = 26;
  const sums = rows.flatMap((word, row) => {
    const y = top + row * HEIGHT + (row === addends.length ? 10 : 0);
    const tiles = [...word].map((letter, place) => drawLetter(letter, value(letter), right - (word.length - place) * CELL, y, letter === choice?.variable && !choice.removes));
    const sign = row > 0 && row < addends.length ? [text(16, y + HEIGHT / 2, "+", { "font-size": 24 })] : [];
    return [...tiles, ...sign];
  });
  const line = top + addends.length * HEIGHT + 4;
  const foot = top + rows.length * HEIGHT + 24;
  const marks = columns(addends, sum, digit).flatMap(({ holds, carry }, place) => {
    const x = right - (place + 0.5) * CELL;
    const mark = text(x, foot, holds ? "✓" : "✗", { "font-size": 16, fill: holds ? tone.good : tone.bad, "font-weight": 700 });
    return carry > 0 ? [mark, text(x, top - 9, `+${carry}`, { "font-size": 12, fill: tone.muted })] : [mark];
  });
  const table = right + 46;
  const drawn = letters.flatMap((letter, row) => drawRow(letter, value(letter), values.lost.get(letter) ?? new Set(), taken, table, 22 + row * 22));
  const named = letters.map((letter) => `${letter} ${value(letter) ?? "open"}`).join(", ");
  return picture(
    table + 10 * SMALL + 8,
    Math.max(foot + (values.contradicts ? 32 : 16), 22 + letters.length * 22),
    `${addends.join(" + ")} = ${sum}: ${named}.`,
    ...sums,
    element("line", { x1: 8, x2: right, y1: line, y2: line, stroke: tone.ink, "stroke-width": 2 }),
    ...marks,
    ...drawn,
    warning(8, foot + 20, contradiction(values, choice)),
  );
});
