/** Scenes of the puzzles that are not boards, for tests. */
import type { Example } from "./examples";
import type { Scene } from "./scene";

const example = (env: string, puzzle: unknown, path: string[], moves: string[], title: RegExp, more: Partial<Scene> = {}): Example => ({
  env,
  title,
  scene: { puzzle, state: path.at(-1) ?? null, path, moves, seen: new Map(path.map((state, order) => [state, order])), move: moves.at(-1) ?? null, solution: null, ...more },
});

const GRAPH = { directed: false, nodes: 5, edges: [["A", "B", 4], ["B", "C", 1], ["A", "C", 7]], start: "A", goal: "C" };
const STAR = { directed: true, nodes: 12, edges: [[3, 1], [1, 2], [3, 4], [4, 5], [3, 7], [7, 9]], start: 3, goal: 9 };
const PLACED = { nodes: ["at", "by", "in"], edges: [["at", "by"], ["by", "in"]], start: "at", candidates: ["in", "by"], coordinates: [[0, 0], [3, 4], [9, 1]] };
const PEOPLE = { people: ["Ann", "Bob"], statements: [[1, { not: { and: [[1, true], [2, true]] } }], [2, { iff: [[1, true], { differ: [1, 2] }] }]] };
const ZEBRA = { attributes: [["red", "green", "blue"], ["tea", "milk", "water"]], clues: [{ at: ["red", 1] }, { same: ["tea", "green"] }, { left: ["water", "tea"] }, { gap: ["milk", "red", 2] }] };

export const OTHERS: Example[] = [
  example("countdown", { numbers: [3, 5, 7], target: 22 }, ["3 5 7", "7 15", "22"], ["3 * 5 = 15", "7 + 15 = 22"], /3, 5, 7, target 22. Now 22/),
  example("countdown", { numbers: [3, 3, 8, 8], target: 24, fractions: true }, ["3 3 8 8", "3 8 8 / 3"], ["8 / 3 = 8 / 3"], /Now 3, 8, 8\/3/),
  example("graph", GRAPH, ["A", "B", "C"], ["A - B = 4", "B - C = 1"], /3 nodes, from A to C; now at C/),
  example("graph", STAR, ["3", "7"], ["3 > 7"], /7 nodes, from 3 to 9; now at 7/),
  example("graph", PLACED, ["at", "by"], ["at - by"], /from at to in or by; now at by/),
  example("number-line", { start: 12, target: 60, limit: 2000, operations: ["+3", "*2"] }, ["12", "15", "30", "1 ^ 060"], ["+ 3 = 15", "* 2 = 30", "* 2 = 1 ^ 060"], /12, 15, 30, 1060/),
  example("water-jugs", { sizes: [3, 5], target: 4 }, ["0 0", "0 5", "3 2"], ["fill b = 0 5", "pour b a = 3 2"], /3, 5 litres hold 3, 2; 4 wanted/),
  example("blocksworld", { start: ["AB", "C"], goal: ["BCA"] }, ["[ A B ] [ C ]", "[ A ] [ B ] [ C ]"], ["B on table"], /Now A \| B \| C; goal B C A/),
  example("blocksworld", { start: [["red", "blue"], ["b3"]], goal: [["_", "blue", "red"]], partial: true }, ["[ red blue ] [ b3 ]"], [], /goal _ blue red/),
  example("river-crossing", { missionaries: 3, cannibals: 3, boat: 2 }, ["3 3 near", "2 2 far"], ["( 1 1 )"], /Near bank: 2 missionaries and 2 cannibals.*The boat is far/),
  example("river-crossing", { items: ["wolf", "goat", "cabbage"], pairs: [["wolf", "goat"], ["goat", "cabbage"]], boat: 1 }, ["wolf goat cabbage near", "wolf cabbage far"], ["( goat )"], /Near bank: wolf, cabbage. Far bank: goat/),
  example("word-ladder", { start: "cold", goal: "warm" }, ["c o l d", "c o r d"], ["c o r d"], /cold to warm: cold, cord/),
  example("zebra", ZEBRA, ["_ _ _ _ _ _", "1 _ _ _ _ _ not tea 1 .", "1 _ _ _ _ _ not tea 1 milk 1 milk 2 ."], ["single red 1", "rule 5 milk 2"], /3 houses. Known: red 1/),
  example("knights-knaves", PEOPLE, ["_ _", "knave _ not Bob knight ."], ["guess Ann knave knight = knave"], /Ann knave, Bob open/),
  example("cryptarithm", { addends: ["TO", "GO"], sum: "OUT" }, ["_ _ _ _", "2 1 _ _ not G 1 ."], ["T 2"], /TO \+ GO = OUT: T 2, O 1, G open/),
  example("k-sat", { variables: 3, clauses: [[1, -2], [2, 3], [-1, -3]] }, ["_ _ _", "T _ F not x2 F ."], ["unit 3 x3 F"], /2 satisfied, 0 violated/),
  example("graph-colouring", { nodes: 4, colours: 3, edges: [[1, 2], [2, 3], [1, 3], [3, 4]] }, ["red red _ _", "red red _ blue not n3 green ."], ["n4 blue"], /4 nodes in 3 colours, 3 coloured/),
  example("subset-sum", { numbers: [3, 5, 8, 9], target: 17 }, ["_ _ _ _", "0 _ 1 _ not i4 0 ."], ["unit 1 i3 1"], /chosen: 8 = 17/),
  example("number-partition", { numbers: [3, 5, 8] }, ["1 _ _", "1 1 0"], ["single i3 0"], /half 1: 8 = 8; half 0: 8 = 8/),
  example("knapsack", { weights: [3, 4], values: [5, 6], capacity: 5, least: 6 }, ["_ _", "0 1"], ["i2 1"], /weight: 4 ≤ 5; value: 6 ≥ 6/),
];
