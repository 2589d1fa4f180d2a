/** Countdown and the game of 24: number cards in a row, joined below as operations are made, and the target above. */
import { cut, drawing, element, fields, fitting, group, numbers, number, picture, text, tone, words } from "./shared";

const CARD = { width: 54, height: 34 };
const COLUMN = 64;
const ROW = 58;
const MARGIN = 12;
/** The width of the list of operations on the left. */
const LEDGER = 124;
const MOST_CARDS = 12;
const SIGNS: Record<string, string> = { "+": "+", "-": "−", "*": "×", "/": "÷" };

interface Card {
  value: string;
  x: number;
  row: number;
  used: boolean;
}

/** The numbers of a state, a fraction as `8/3`; null if it has other words. */
function readNumbers(state: string): string[] | null {
  const read: string[] = [];
  const all = words(state);
  for (let at = 0; at < all.length; at++) {
    const word = all[at] ?? "";
    if (word === "/" && read.length > 0) {
      read.push(`${read.pop()}/${all[++at]}`);
    } else if (/^\d+$/.test(word)) {
      read.push(word);
    } else {
      return null;
    }
  }
  return read.length <= MOST_CARDS ? read : null;
}

/** The move as people write it: `94 - 27 = 67` becomes `94 − 27 = 67`, and `( 8 / 3 )` becomes `(8/3)`. */
function readOperation(move: string): string {
  const [operands = [], result = []] = move.split(" = ").map(words);
  let depth = 0;
  const shown = operands.map((word) => {
    depth += word === "(" ? 1 : word === ")" ? -1 : 0;
    return depth > 0 || word === ")" ? word : ` ${SIGNS[word] ?? word} `;
  });
  return `${shown.join("").replace(/ +/g, " ").trim()} = ${result.join("")}`;
}

/** The places of the two cards that were joined, from one state to the next; null if the next state is none that follows. */
function joined(before: string[], after: string[]): [number, number] | null {
  if (after.length !== before.length - 1) return null;
  for (let i = 0; i < before.length; i++) {
    for (let j = i + 1; j < before.length; j++) {
      const rest = before.filter((_, place) => place !== i && place !== j);
      if (rest.every((value, place) => value === after[place])) return [i, j];
    }
  }
  return null;
}

/** Where the result of two cards stands: between them, or below one of them where another card has its column in between. */
function column(one: Card, other: Card, left: Card[]): number {
  const middle = (one.x + other.x) / 2;
  const free = left.every((card) => card === one || card === other || Math.abs(card.x - middle) >= COLUMN * 0.9);
  return free ? middle : one.row > other.row ? one.x : other.x;
}

/** The lowest row that has a card. */
const lowest = (cards: Card[]): number => Math.max(...cards.map((card) => card.row));

/** Joins the cards along the path. The last list has the cards that are left. */
function play(start: string[], path: string[][]): { all: Card[]; left: Card[]; joins: [Card, Card, Card][] } {
  const row = (values: string[], row: number) => values.map((value, place) => ({ value, x: LEDGER + MARGIN + COLUMN * (place + 0.5), row, used: false }));
  let left: Card[] = row(start, 0);
  const all = [...left];
  const joins: [Card, Card, Card][] = [];
  for (const after of path) {
    const places = joined(left.map((card) => card.value), after);
    const [one, other] = [left[places?.[0] ?? -1], left[places?.[1] ?? -1]];
    if (one && other) {
      one.used = other.used = true;
      const result = { value: after.at(-1) ?? "", x: column(one, other, left), row: lowest(all) + 1, used: false };
      joins.push([one, other, result]);
      all.push(result);
      left = [...left.filter((card) => card !== one && card !== other), result];
    } else if (after.join(" ") !== left.map((card) => card.value).join(" ")) {
      // not one operation further: the cards are shown as they are
      left.forEach((card) => (card.used = true));
      left = row(after, lowest(all) + 1);
      all.push(...left);
    }
  }
  return { all, left, joins };
}

const y = (card: Card): number => 66 + ROW * card.row;

function drawCard(card: Card, state: "used" | "left" | "goal" | "wrong"): SVGElement {
  const [left, top] = [card.x - CARD.width / 2, y(card) - CARD.height / 2];
  const colour = { used: tone.line, left: tone.ink, goal: tone.good, wrong: tone.bad }[state];
  const used = state === "used";
  const box = { x: left, y: top, width: CARD.width, height: CARD.height, rx: 6, fill: used ? "none" : tone.paper, stroke: colour, "stroke-width": used ? 1 : 2 };
  const mark = state === "goal" ? "✓" : state === "wrong" ? "✗" : "";
  return group(
    {},
    element("rect", { ...box, "stroke-dasharray": used ? "3 3" : undefined }),
    text(card.x, y(card), card.value, { "font-size": fitting(card.value, CARD.width - 8, 18), "font-weight": used ? 400 : 600, fill: used ? tone.muted : tone.ink }),
    mark && text(card.x + CARD.width / 2 + 9, y(card), mark, { fill: colour, "font-size": 16, "font-weight": 700 }),
  );
}

function drawJoin([one, other, result]: [Card, Card, Card], last: boolean): SVGElement {
  const line = (from: Card) => {
    const [top, end] = [y(from) + CARD.height / 2, y(result) - CARD.height / 2];
    // straight down in the column of the card, so that no line crosses another card
    return element("path", { d: `M${from.x} ${top} V${end - 22} C${from.x} ${end - 4} ${result.x} ${end - 20} ${result.x} ${end}`, fill: "none", stroke: last ? tone.accent : tone.line, "stroke-width": last ? 2.5 : 1.5 });
  };
  return group({}, line(one), line(other));
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const start = numbers(puzzle.numbers, MOST_CARDS);
  const target = number(puzzle.target);
  if (start === null || start.length === 0 || target === null) return null;
  const state = scene.state === null ? start.map(String) : readNumbers(scene.state);
  const path = (scene.path ?? []).filter((told) => told !== "").map(readNumbers);
  if (state === null || state.length === 0 || path.includes(null)) return null;
  const { all, left, joins } = play(start.map(String), [...(path as string[][]), state]);

  const rows = Math.max(start.length - 1, lowest(all));
  const width = LEDGER + 2 * MARGIN + COLUMN * start.length + 8;
  const any = puzzle.rule === "any";
  const stateOf = (card: Card) => {
    if (card.used) return "used";
    if (card.value === String(target) && (any || left.length === 1)) return "goal";
    return left.length === 1 ? "wrong" : "left";
  };
  const moves = (scene.moves ?? []).slice(-joins.length);
  const ledger = joins.map(([, , result], place) => {
    const last = place === joins.length - 1;
    const move = moves.length === joins.length ? moves[place] : last ? scene.move : null;
    const written = move ? readOperation(move) : `= ${result.value}`;
    return text(MARGIN, y(result), cut(written, 24), { "text-anchor": "start", "font-size": fitting(written, LEDGER - 8, 14), fill: last ? tone.accent : tone.muted, "font-weight": last ? 600 : 400 });
  });
  const flag = [
    text(MARGIN, 22, "target", { "text-anchor": "start", "font-size": 13, fill: tone.muted }),
    element("rect", { x: MARGIN + 48, y: 7, width: 62, height: 30, rx: 15, fill: "none", stroke: tone.accent, "stroke-width": 2 }),
    text(MARGIN + 79, 22, target, { "font-size": fitting(target, 50, 17), "font-weight": 700 }),
  ];
  return picture(
    width,
    92 + ROW * rows,
    `Numbers ${start.join(", ")}, target ${target}. Now ${state.join(", ")}.`,
    ...flag,
    ...joins.map((join, place) => drawJoin(join, place === joins.length - 1)),
    ...all.map((card) => drawCard(card, stateOf(card))),
    ...ledger,
  );
});
