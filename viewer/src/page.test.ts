// The parts of the page that need no browser: places in texts, replayed traces, layouts, comparisons, addresses.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Places } from "./bytes";
import { compare } from "./diff";
import { landmarks, nextOf } from "./landmarks";
import { Children, layout, MOST_NODES } from "./layout";
import { wrap, type Lines } from "./lines";
import { Replay, STATUS } from "./replay";
import { readRoute, writeRoute } from "./route";
import type { Kind, Text, Trace } from "./types";

const KINDS: Kind[] = ["visit", "generate", "open", "goal", "dead-end", "seen", "cut", "prune", "move-to", "bound", "root", "meet", "give-up", "unsolvable"];

/** A text whose trace has these parents and events; the state of a node is its number, its move `to` and its number. */
function traced(parent: number[], events: [Kind, number][], states = parent.map((_, node) => String(node))): Text {
  const depth: number[] = [];
  parent.forEach((above, node) => (depth[node] = above < 0 ? 0 : depth[above] + 1));
  const trace: Trace = {
    states, moves: parent.map((_, node) => `to ${node}`), kinds: KINDS, names: "labels", bounds: [], meetings: [], claims: {},
    nodes: {
      parent, depth, state: parent.map((_, node) => node), move: parent.map((_, node) => (node === 0 ? -1 : node)),
      ordinal: parent.map((above, node) => parent.slice(0, node).filter((other) => other === above).length), g: parent.map(() => null), h: parent.map(() => null),
    },
    events: { kind: events.map(([kind]) => KINDS.indexOf(kind)), node: events.map(([, node]) => node), start: events.map((_, at) => at * 2), end: events.map((_, at) => at * 2 + 1) },
  };
  return { name: "completion", prompt: "", text: "x ".repeat(events.length), answer: null, trace, solution: null, solution_states: null, verdict: null, defects: [], wrong_spans: [], skip_spans: [], label: null };
}

function replayed(text: Text): Replay {
  assert.ok(text.trace !== null);
  return new Replay(text, text.trace);
}

/** 0 has the children 1 and 4; 1 has 2, which is a dead end below 3; 4 is the goal. */
const GUESS = traced([-1, 0, 1, 2, 0], [
  ["visit", 0], ["generate", 1], ["move-to", 1], ["visit", 1], ["generate", 2], ["move-to", 2], ["visit", 2], ["generate", 3], ["dead-end", 3], ["move-to", 0], ["visit", 0], ["generate", 4], ["goal", 4],
]);

test("bytes of UTF-8 become units of UTF-16, whatever the characters", () => {
  const text = `aé→😀b${"ü".repeat(2000)}😀end`;
  const places = new Places(text);
  const encoder = new TextEncoder();
  for (const unit of [0, 1, 2, 3, 5, 6, 700, 1500, 2006, text.length]) {
    // Not between the halves of a pair.
    const code = text.charCodeAt(unit);
    if (code >= 0xdc00 && code <= 0xdfff) continue;
    assert.equal(places.unit(encoder.encode(text.slice(0, unit)).length), unit);
  }
  assert.equal(places.length, encoder.encode(text).length);
  assert.equal(new Places("plain").unit(3), 3);
  assert.equal(places.unit(10_000_000), text.length);
});

test("nodes appear with the event that makes them, and become what events say", () => {
  const replay = replayed(GUESS);
  const at = (node: number, position: number) => STATUS[replay.code(node, position)];
  assert.equal(at(0, 0), "made");
  assert.equal(at(1, 1), "hidden");
  assert.equal(at(1, 2), "made");
  assert.equal(at(1, 4), "closed");
  assert.equal(at(3, 8), "made");
  assert.equal(at(3, 9), "dead");
  assert.equal(at(4, 12), "made");
  assert.equal(at(4, 13), "goal");
  assert.deepEqual(replay.jumps, [{ event: 9, from: 3, to: 0 }]);
  assert.equal(replay.jump(10)?.to, 0);
  assert.equal(replay.jump(11), null);
  assert.deepEqual(replay.way(3), [0, 1, 2, 3]);
  assert.equal(replay.label(3), "0.0.0.0");
  assert.equal(replay.label(4), "0.1");
  assert.deepEqual(replay.through([0, 1, 2, 4]), [0, 1, 2], "as far as the tree goes");
});

test("going back undoes moves, and starting again with another bound undoes none", () => {
  const replay = replayed(GUESS);
  assert.deepEqual([9, 10, 11].map((position) => replay.undone(position)), [-1, 1, -1]);
  const again = replayed(traced([-1, 0, 1, 0], [
    ["bound", 0], ["visit", 0], ["generate", 1], ["move-to", 1], ["visit", 1], ["generate", 2], ["cut", 2], ["bound", 0], ["move-to", 0], ["visit", 0], ["generate", 3], ["goal", 3],
  ]));
  assert.ok(again.jump(9) !== null, "control goes to the root");
  assert.equal(again.undone(9), -1);
});

test("states are seen in the order of their first visit, forwards and backwards", () => {
  const replay = replayed(GUESS);
  assert.deepEqual([...replay.seen(13)], [["0", 0], ["1", 1], ["2", 2]]);
  assert.deepEqual([...replay.seen(4)], [["0", 0], ["1", 1]]);
  assert.deepEqual([...replay.seen(0)], []);
  assert.deepEqual([...replay.seen(7)], [["0", 0], ["1", 1], ["2", 2]]);
});

test("the first wrong turn is the choice that was taken back, not the dead end below it", () => {
  const marks = landmarks(GUESS, replayed(GUESS));
  assert.deepEqual(marks.wrongTurn, { node: 1, made: 1, dead: 8, undone: 9 });
  assert.equal(marks.goal, 12);
  assert.deepEqual(marks.backtracks, [9]);
  assert.equal(nextOf([3, 9], 3), 9);
  assert.equal(nextOf([3, 9], 9), 3);
  assert.equal(nextOf([], 9), null);
});

test("where all is seen before and nothing is called a dead end, the first branch that is given up is the wrong turn", () => {
  const text = traced([-1, 0, 1, 1, 0], [["visit", 0], ["generate", 1], ["move-to", 1], ["visit", 1], ["generate", 2], ["seen", 2], ["move-to", 1], ["generate", 3], ["seen", 3], ["move-to", 0], ["generate", 4], ["goal", 4]]);
  assert.deepEqual(landmarks(text, replayed(text)).wrongTurn, { node: 1, made: 1, dead: 8, undone: 9 });
  // A search that goes to the best open node gives nothing up.
  const best = traced([-1, 0, 0, 1], [["visit", 0], ["generate", 1], ["open", 1], ["generate", 2], ["open", 2], ["move-to", 1], ["visit", 1], ["generate", 3], ["open", 3], ["move-to", 2], ["visit", 2], ["goal", 2]]);
  assert.equal(landmarks(best, replayed(best)).wrongTurn, null);
});

test("a trace that refers to what is not there is replayed all the same", () => {
  const replay = replayed(traced([-1, 7], [["visit", 9], ["move-to", -1], ["dead-end", 1], ["meet", 3], ["give-up", -1]]));
  assert.equal(replay.at(5), replay.focus[4]);
  assert.equal(layout(replay.parent, new Children(replay.parent)).shown.length, 2);
});

test("a layout has parents above children, leaves beside each other, and nothing on top of anything", () => {
  const parent = Int32Array.from([-1, 0, 0, 1, 1, 1, 2, 6, 7]);
  const { across, down, shown } = layout(parent, new Children(parent));
  assert.equal(shown.length, parent.length);
  for (let node = 1; node < parent.length; node++) assert.ok(down[node] > down[parent[node]]);
  const places = new Set(Array.from(parent, (_, node) => `${across[node]} ${down[node]}`));
  assert.equal(places.size, parent.length);
  assert.deepEqual([3, 4, 5, 8].map((leaf) => across[leaf]), [0, 1, 2, 3]);
  assert.equal(across[1], 1);
});

test("a chain as deep as a trace can be is laid out without recursion", () => {
  const parent = Int32Array.from({ length: 90_000 }, (_, node) => node - 1);
  assert.ok(layout(parent, new Children(parent)).depth >= 89_999);
});

test("larger trees collapse, every node has one that stands for it, and a collapsed one opens", () => {
  const nodes = 3 * MOST_NODES;
  const parent = Int32Array.from({ length: nodes }, (_, node) => (node === 0 ? -1 : (node - 1) >> 1));
  const children = new Children(parent);
  const first = layout(parent, children);
  assert.ok(first.shown.length <= MOST_NODES + 2);
  assert.equal(first.hidden.reduce((sum, hidden) => sum + hidden, 0), nodes - first.shown.length);
  const deepest = nodes - 1;
  const standIn = first.standIn[deepest];
  assert.notEqual(standIn, deepest);
  assert.equal(layout(parent, children, new Set([standIn])).standIn[deepest], deepest);
});

test("lines are no longer than the pane, lose nothing but spaces at cuts, and long ones are cut where steps begin", () => {
  const cut = (text: string, columns: number, breaks: number[] = []) => {
    const lines: Lines = { start: [], end: [], band: [] };
    wrap(lines, text, 0, text.length, "text", columns, breaks);
    return lines.start.map((start, line) => text.slice(start, lines.end[line]));
  };
  assert.deepEqual(cut("one\ntwo\n\nthree", 20), ["one", "two", "", "three"]);
  assert.deepEqual(cut("aaaa bbbb cccc", 9), ["aaaa bbbb ", "cccc"]);
  const steps = "left > #1 right > #2 up > #3 down > #4";
  assert.deepEqual(cut(steps, 12, [0, 10, 21, 29]), ["left > #1 ", "right > #2 ", "up > #3 ", "down > #4"]);
  const long = "x".repeat(1000);
  assert.ok(cut(long, 30).every((line) => line.length <= 30));
  assert.equal(cut(long, 30).join(""), long);
});

test("comparing pairs equal events and leaves the others alone", () => {
  const direct = traced([-1, 0], [["visit", 0], ["generate", 1], ["goal", 1]], ["0", "4"]);
  const pairs = compare(replayed(GUESS), replayed(direct));
  assert.deepEqual(pairs.filter((pair) => pair.left >= 0 && pair.right >= 0).map((pair) => [pair.left, pair.right]), [[0, 0], [11, 1], [12, 2]]);
  assert.deepEqual(pairs.filter((pair) => pair.left >= 0).map((pair) => pair.left), GUESS.trace?.events.kind.map((_, event) => event));
  assert.equal(pairs.find((pair) => pair.left === 11)?.same, false, "the same state by a move of another name");
  assert.ok(compare(replayed(GUESS), replayed(GUESS)).every((pair) => pair.same && pair.left === pair.right));
});

test("behind a slip, where every state is another, events are still paired by what they say", () => {
  const parent = [-1, 0, 1, 2, 3];
  const events = parent.map((_, node): [Kind, number] => [node === 0 ? "visit" : "generate", node]);
  const pairs = compare(replayed(traced(parent, events)), replayed(traced(parent, events, ["0", "1", "2 slip", "3 slip", "4 slip"])));
  assert.deepEqual(pairs.map((pair) => [pair.left, pair.right, pair.same]), [[0, 0, true], [1, 1, true], [2, 2, false], [3, 3, false], [4, 4, false]]);
});

test("comparing traces that have nothing in common ends, and shows all of both", () => {
  const chain = (name: string) => {
    const parent = Array.from({ length: 9000 }, (_, node) => node - 1);
    const names = parent.map((_, node) => name + node);
    const text = traced(parent, parent.map((_, node) => ["visit", node]), names);
    if (text.trace !== null) text.trace.moves = names;
    return replayed(text);
  };
  const pairs = compare(chain("a"), chain("b"));
  assert.equal(pairs.length, 17_999, "all but the roots, which no move leads to");
});

test("an address says what is shown, and odd addresses say nothing", () => {
  const route = { page: "row", config: "a&b", split: "train", index: 12, text: 2, step: 0, twin: "direct" } as const;
  assert.deepEqual(readRoute(writeRoute(route)), route);
  assert.deepEqual(readRoute("#/row?index=-4&step=x"), { page: "row", config: undefined, split: undefined, index: undefined, text: undefined, step: undefined, twin: undefined });
  assert.equal(readRoute("#/elsewhere").page, undefined);
});
