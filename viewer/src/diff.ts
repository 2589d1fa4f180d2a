// Two traces compared event by event: what both do, and what only one does. Events are compared by what they say, not by their letters.

import type { Replay } from "./replay";

/** A line of the comparison: the events of both sides; -1 where a side has none. */
export interface Pair {
  left: number;
  right: number;
  /** Whether both say the same. Two events that come to the same state by other moves, or for other reasons, do not. */
  same: boolean;
}

const MOST_DIFFERENCES = 6000;

/** Pairs the events of two traces so that as many as possible are equal. */
export function compare(leftReplay: Replay, rightReplay: Replay): Pair[] {
  const ids = new Map<string, number>();
  const [one, other] = [keys(leftReplay, ids), keys(rightReplay, ids)];
  const pairs: Pair[] = [];
  let begin = 0;
  const push = (left: number, right: number) => pairs.push({ left, right, same: left >= 0 && right >= 0 && says(leftReplay, left) === says(rightReplay, right) });
  while (begin < one.length && begin < other.length && one[begin] === other[begin]) push(begin, begin++);
  let endOne = one.length;
  let endOther = other.length;
  while (endOne > begin && endOther > begin && one[endOne - 1] === other[endOther - 1]) [endOne, endOther] = [endOne - 1, endOther - 1];
  middle(one.slice(begin, endOne), other.slice(begin, endOther), (left, right) => push(left < 0 ? -1 : left + begin, right < 0 ? -1 : right + begin));
  for (let at = 0; endOne + at < one.length; at++) push(endOne + at, endOther + at);
  return pairs;
}

/** What an event is about, as a number that is the same for such events of both traces: its kind, and the state that it comes to. */
function keys(replay: Replay, ids: Map<string, number>): Int32Array {
  const keys = new Int32Array(replay.events);
  for (let event = 0; event < replay.events; event++) {
    const key = `${replay.kind(event)} ${replay.state(event + 1)}`;
    let id = ids.get(key);
    if (id === undefined) ids.set(key, (id = ids.size));
    keys[event] = id;
  }
  return keys;
}

/** The rest of what an event says: its move, where it makes a node, and in which fields it contradicts its node. */
function says(replay: Replay, event: number): string {
  const { state: _, ...claim } = replay.trace.claims?.[String(event)] ?? {};
  const told = replay.kind(event) === "generate" ? replay.move(replay.focus[event]) : "";
  const move = typeof claim.move === "number" ? replay.trace.moves[claim.move] : told;
  return `${move} ${JSON.stringify({ ...claim, move: null })}`;
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
