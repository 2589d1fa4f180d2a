// Two traces compared event by event: what both do, and what only one does. Events are compared by what they say, not by their letters.

import type { Replay } from "./replay";

/** A line of the comparison: the events of both sides; -1 where a side has none. */
export interface Pair {
  left: number;
  right: number;
  /** Whether both say the same. Others beside each other are alike: the same state by another move, or the same move at another state. */
  same: boolean;
}

const MOST_DIFFERENCES = 6000;

/** Pairs the events of two traces: first those that come to the same state, then in what is left those that say the same. */
export function compare(left: Replay, right: Replay): Pair[] {
  const pairs: Pair[] = [];
  const [leftStates, rightStates] = keys(left, right, (replay, event) => replay.state(event + 1) ?? "");
  const [leftWords, rightWords] = keys(left, right, says);
  let lefts: number[] = [];
  let rights: number[] = [];
  const finishBlock = () => {
    align(pick(leftWords, lefts), pick(rightWords, rights), (one, other) => pairs.push({ left: lefts[one] ?? -1, right: rights[other] ?? -1, same: false }));
    [lefts, rights] = [[], []];
  };
  align(leftStates, rightStates, (one, other) => {
    if (one >= 0 && other >= 0) {
      finishBlock();
      pairs.push({ left: one, right: other, same: leftWords[one] === rightWords[other] });
    } else if (one >= 0) lefts.push(one);
    else rights.push(other);
  });
  finishBlock();
  return pairs;
}

/** What an event says besides its state: its move, and in which fields it contradicts its node. */
function says(replay: Replay, event: number): string {
  const { state: _, ...claim } = replay.trace.claims?.[String(event)] ?? {};
  const move = typeof claim.move === "number" ? replay.trace.moves[claim.move] : replay.move(replay.focus[event]);
  return `${move} ${JSON.stringify({ ...claim, move: null })}`;
}

/** A number for each event of both traces, equal where kind and words are equal. */
function keys(left: Replay, right: Replay, words: (replay: Replay, event: number) => string): [Int32Array, Int32Array] {
  const ids = new Map<string, number>();
  const of = (replay: Replay) => Int32Array.from({ length: replay.events }, (_, event) => {
    const key = `${replay.kind(event)} ${words(replay, event)}`;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  });
  return [of(left), of(right)];
}

function pick(keys: Int32Array, places: number[]): Int32Array {
  return Int32Array.from(places, (place) => keys[place]);
}

/** Pairs two lists so that as many as possible are equal, in order; -1 stands for none. */
function align(one: Int32Array, other: Int32Array, push: (left: number, right: number) => void): void {
  let begin = 0;
  while (begin < one.length && begin < other.length && one[begin] === other[begin]) push(begin, begin++);
  let [endOne, endOther] = [one.length, other.length];
  while (endOne > begin && endOther > begin && one[endOne - 1] === other[endOther - 1]) [endOne, endOther] = [endOne - 1, endOther - 1];
  middle(one.subarray(begin, endOne), other.subarray(begin, endOther), (left, right) => push(left < 0 ? -1 : left + begin, right < 0 ? -1 : right + begin));
  for (let at = 0; endOne + at < one.length; at++) push(endOne + at, endOther + at);
}

/** The middle part, by the method of Myers: it walks along the fewest differences. Where these are too many, the rest is shown as different. */
function middle(one: Int32Array, other: Int32Array, push: (left: number, right: number) => void): void {
  const most = Math.min(one.length + other.length, MOST_DIFFERENCES);
  // By diagonal (x - y), how far one gets with so many differences; kept for each number of differences, to find the way back.
  const reach = new Int32Array(2 * most + 3).fill(-1);
  const zero = most + 1;
  reach[zero + 1] = 0;
  const history: Int32Array[] = [];
  for (let differences = 0; differences <= most; differences++) {
    const kept = new Int32Array(differences + 1);
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = isDown(diagonal, differences, reach[zero + diagonal - 1], reach[zero + diagonal + 1]) ? reach[zero + diagonal + 1] : reach[zero + diagonal - 1] + 1;
      while (x < one.length && x - diagonal < other.length && one[x] === other[x - diagonal]) x++;
      reach[zero + diagonal] = x;
      kept[(diagonal + differences) / 2] = x;
      if (x >= one.length && x - diagonal >= other.length) return back(history, one.length, other.length, push);
    }
    history.push(kept);
  }
  for (let at = 0; at < one.length; at++) push(at, -1);
  for (let at = 0; at < other.length; at++) push(-1, at);
}

/** Whether a way comes to a diagonal from the one above it, by an event of the other trace alone. */
function isDown(diagonal: number, differences: number, below: number, above: number): boolean {
  return diagonal === -differences || diagonal !== differences && below < above;
}

/** Follows the way of the fewest differences from its end to its beginning. */
function back(history: Int32Array[], x: number, y: number, push: (left: number, right: number) => void): void {
  const pairs: [number, number][] = [];
  for (let differences = history.length; differences > 0; differences--) {
    const kept = history[differences - 1];
    const at = (diagonal: number) => kept[(diagonal + differences - 1) / 2] ?? -1;
    const diagonal = x - y;
    const down = isDown(diagonal, differences, at(diagonal - 1), at(diagonal + 1));
    const fromX = down ? at(diagonal + 1) : at(diagonal - 1);
    const fromY = fromX - (down ? diagonal + 1 : diagonal - 1);
    while (x > (down ? fromX : fromX + 1) && y > (down ? fromY + 1 : fromY)) pairs.push([--x, --y]);
    if (down) pairs.push([-1, --y]);
    else pairs.push([--x, -1]);
  }
  while (x > 0 && y > 0) pairs.push([--x, --y]);
  for (const [left, right] of pairs.reverse()) push(left, right);
}
