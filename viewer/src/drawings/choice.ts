/** Choices of numbers: knapsack, number partition and subset sum. Cards that are in, out or open, and bars with what is chosen so far. */
import { drawing, element, fields, fitting, group, number, numbers, picture, text, tone, warning, type Child } from "./shared";
import { contradiction, readChoice, readValues, type Values } from "./values";

const WIDTH = 420;
const MARGIN = 12;
const MOST_THINGS = 60;
/** The most cards in a row. */
const MOST_ACROSS = 8;

/** What has been decided of a thing: `in` is the value 1. */
type Status = "in" | "out" | "open";

interface Card {
  name: string;
  lines: string[];
  status: Status;
  changed: boolean;
  /** The one value that an open thing has lost. */
  lost: string;
}

const statusOf = (values: Values, thing: number): Status => ({ "1": "in" as const, "0": "out" as const })[values.decided[thing] ?? ""] ?? "open";

/** The words and marks of the three statuses. */
interface Marks {
  in: string;
  out: string;
}

function drawCard(card: Card, x: number, y: number, width: number, marks: Marks): SVGElement {
  const height = 30 + 17 * card.lines.length;
  const edge = card.changed ? tone.now : card.status === "in" ? tone.accent : tone.line;
  const mark = card.status === "open" ? (card.lost === "" ? "?" : `≠${card.lost}`) : marks[card.status];
  return group(
    {},
    element("rect", { x, y, width, height, rx: 5, fill: card.status === "in" ? tone.accent : card.status === "out" ? tone.faint : tone.paper, "fill-opacity": card.status === "in" ? 0.25 : 1, stroke: edge, "stroke-width": card.changed ? 3 : card.status === "in" ? 2 : 1.3, "stroke-dasharray": card.status === "open" ? "4 3" : undefined }),
    text(x + 5, y + 10, card.name, { "text-anchor": "start", "font-size": 10.5, fill: tone.muted }),
    text(x + width - 5, y + 11, mark, { "text-anchor": "end", "font-size": 13, "font-weight": 700, fill: card.status === "in" ? tone.accent : tone.muted }),
    ...card.lines.map((line, row) => text(x + width / 2, y + 30 + 17 * row, line, { "font-size": fitting(line, width - 8, row === 0 ? 17 : 14), "font-weight": row === 0 ? 700 : 400, fill: card.status === "out" ? tone.muted : tone.ink })),
  );
}

function drawCards(cards: Card[], top: number, marks: Marks): { drawn: SVGElement[]; bottom: number } {
  const height = 36 + 17 * (cards[0]?.lines.length ?? 1);
  // rows of about the same length
  const across = Math.max(5, Math.ceil(cards.length / Math.ceil(cards.length / MOST_ACROSS)));
  const column = (WIDTH - 2 * MARGIN + 6) / across;
  const drawn = cards.map((card, place) => drawCard(card, MARGIN + (place % across) * column, top + Math.floor(place / across) * height, column - 6, marks));
  return { drawn, bottom: top + Math.ceil(cards.length / across) * height };
}

interface Bar {
  name: string;
  /** The numbers that make up the bar, the last of them the newest where `changed` says so. */
  parts: number[];
  changed: number | null;
  /** What is still open: it may come in or not. */
  open: number;
  goal: number;
  /** How the sum must stand to the goal. */
  must: "=" | "≤" | "≥";
  scale: number;
}

/** Whether the sum is right, cannot become right any more, or may. */
function judge({ parts, open, goal, must }: Bar): "right" | "wrong" | "may" {
  const sum = parts.reduce((one, other) => one + other, 0);
  if (must !== "≥" && sum > goal) return "wrong";
  if (must !== "≤" && sum + open < goal) return "wrong";
  const holds = must === "=" ? sum === goal : must === "≤" ? sum <= goal : sum >= goal;
  return holds && (open === 0 || must === "≥") ? "right" : "may";
}

function drawBar(bar: Bar, y: number): SVGElement {
  const width = (value: number): number => (value / bar.scale) * (WIDTH - 2 * MARGIN);
  const sum = bar.parts.reduce((one, other) => one + other, 0);
  const verdict = judge(bar);
  const goal = MARGIN + width(bar.goal);
  let x = MARGIN;
  const parts = bar.parts.map((part, place) => {
    const from = x;
    x += width(part);
    const newest = place === bar.changed;
    const size = fitting(part, width(part) - 3, 13);
    return group(
      {},
      element("rect", { x: from, y: y + 22, width: Math.max(1, width(part)), height: 24, fill: tone.accent, "fill-opacity": newest ? 0.55 : 0.28, stroke: newest ? tone.now : tone.accent, "stroke-width": newest ? 2.5 : 1.2 }),
      size >= 8 && text(from + width(part) / 2, y + 34, part, { "font-size": size }),
    );
  });
  const room = Math.min(width(bar.open), WIDTH - MARGIN - x);
  const limit = { "=": "", "≤": "at most ", "≥": "at least " }[bar.must];
  const over = sum > bar.goal && bar.must !== "≥";
  const state = verdict === "right" ? `${sum} ${bar.must} ${bar.goal} ✓` : verdict === "may" ? `${sum} of ${limit}${bar.goal}` : `${sum} of ${limit}${bar.goal} ✗ ${over ? "too much" : "out of reach"}`;
  return group(
    {},
    text(MARGIN, y + 9, bar.name, { "text-anchor": "start", "font-size": 13, fill: tone.muted }),
    text(WIDTH - MARGIN, y + 9, state, { "text-anchor": "end", "font-size": 14, "font-weight": 700, fill: verdict === "right" ? tone.good : verdict === "wrong" ? tone.bad : tone.ink }),
    room > 0 && element("rect", { x, y: y + 22, width: room, height: 24, fill: "none", stroke: tone.line, "stroke-dasharray": "3 3" }),
    ...parts,
    element("line", { x1: goal, x2: goal, y1: y + 17, y2: y + 52, stroke: verdict === "wrong" ? tone.bad : tone.good, "stroke-width": 3 }),
  );
}

interface Sums {
  title: string;
  bars: (status: Status[], changed: number) => Bar[];
  lines: (thing: number) => string[];
  things: number;
  marks: Marks;
}

const BAR = 64;

/** The drawing of a kind of choice, from what its puzzle sums up. */
const choices = (read: (puzzle: Record<string, unknown>) => Sums | null) =>
  drawing((scene) => {
    const sums = read(fields(scene.puzzle));
    const values = sums === null || sums.things === 0 ? null : readValues(scene.state, sums.things, ["0", "1"]);
    if (sums === null || values === null) return null;
    const choice = readChoice(scene.move);
    const status = Array.from({ length: sums.things }, (_, thing) => statusOf(values, thing));
    const changed = choice?.variable?.startsWith("i") ? Number(choice.variable.slice(1)) - 1 : -1;
    const cards = status.map((one, thing): Card => ({
      name: `i${thing + 1}`,
      lines: sums.lines(thing),
      status: one,
      changed: thing === changed,
      lost: [...(values.lost.get(`i${thing + 1}`) ?? [])].join(""),
    }));
    const bars = sums.bars(status, changed);
    const { drawn, bottom } = drawCards(cards, 12 + BAR * bars.length, sums.marks);
    const said = bars.map((bar) => `${bar.name}: ${bar.parts.reduce((one, other) => one + other, 0)} ${bar.must} ${bar.goal}`).join("; ");
    const children: Child[] = [...bars.map((bar, row) => drawBar(bar, 6 + row * BAR)), ...drawn, warning(MARGIN, bottom + 10, contradiction(values, choice))];
    return picture(WIDTH, bottom + (values.contradicts ? 24 : 4), `${sums.title}. ${said}.`, ...children);
  });

/** A bar of the numbers with a status; what is open may still come. */
function bar(all: number[], status: Status[], wanted: Status, changed: number, rest: Pick<Bar, "name" | "goal" | "must">): Bar {
  const places = all.map((_, thing) => thing).filter((thing) => status[thing] === wanted);
  const open = all.reduce((sum, one, thing) => sum + (status[thing] === "open" ? one : 0), 0);
  const at = places.indexOf(changed);
  const total = all.reduce((one, other) => one + other, 0);
  return { ...rest, parts: places.map((thing) => all[thing]), changed: at < 0 ? null : at, open, scale: Math.max(total, rest.goal, 1) };
}

const positive = (value: unknown): number[] | null => {
  const read = numbers(value, MOST_THINGS);
  return read?.every((one) => one >= 0) ? read : null;
};

export const subsetSum = choices((puzzle) => {
  const [all, target] = [positive(puzzle.numbers), number(puzzle.target)];
  if (all === null || target === null) return null;
  return {
    title: `Choose numbers that sum up to ${target}`,
    bars: (status, changed) => [bar(all, status, "in", changed, { name: "chosen", goal: target, must: "=" })],
    lines: (thing) => [String(all[thing])],
    things: all.length,
    marks: { in: "✓", out: "–" },
  };
});

export const partition = choices((puzzle) => {
  const all = positive(puzzle.numbers);
  if (all === null) return null;
  const half = all.reduce((one, other) => one + other, 0) / 2;
  return {
    title: "Two halves of the same sum",
    bars: (status, changed) => [
      bar(all, status, "in", changed, { name: "half 1", goal: half, must: "=" }),
      bar(all, status, "out", changed, { name: "half 0", goal: half, must: "=" }),
    ],
    lines: (thing) => [String(all[thing])],
    things: all.length,
    marks: { in: "1", out: "0" },
  };
});

export const knapsack = choices((puzzle) => {
  const [weights, worths] = [positive(puzzle.weights), positive(puzzle.values)];
  const [capacity, least] = [number(puzzle.capacity), number(puzzle.least)];
  if (weights === null || worths === null || capacity === null || least === null || weights.length !== worths.length) return null;
  return {
    title: "Things that fit the knapsack",
    bars: (status, changed) => [
      bar(weights, status, "in", changed, { name: "weight", goal: capacity, must: "≤" }),
      bar(worths, status, "in", changed, { name: "value", goal: least, must: "≥" }),
    ],
    lines: (thing) => [`${weights[thing]} w`, `${worths[thing]} v`],
    things: weights.length,
    marks: { in: "✓", out: "–" },
  };
});
