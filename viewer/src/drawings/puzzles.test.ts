import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeElement, installFakeDocument } from "./fake-document";
import { fit, layout, nearest, type Edge, type Point } from "./graph-layout";
import { draw, DRAWINGS, type Scene } from "./index";

installFakeDocument();

const scene = (puzzle: unknown, path: string[], moves: string[] = []): Scene => ({ puzzle, state: path.at(-1) ?? null, path, moves, seen: new Map(path.map((state, order) => [state, order])), move: moves.at(-1) ?? null, solution: null });

const drawn = (env: string, shown: Scene): FakeElement => draw(env, shown) as unknown as FakeElement;

/** All texts of a drawing. */
const texts = (made: FakeElement): string[] => [...made.all()].filter((element) => element.tagName === "text").map((element) => element.textContent);

/** The elements of a kind with this colour as their edge. */
const edged = (made: FakeElement, tag: string, colour: string): FakeElement[] => [...made.all()].filter((element) => element.tagName === tag && element.getAttribute("stroke") === `var(--${colour})`);

test("operations of countdown are told by the moves of the path", () => {
  const made = drawn("countdown", scene({ numbers: [2, 2, 7], target: 28 }, ["2 2 7", "7 4", "28"], ["2 * 2 = 4", "7 * 4 = 28"]));
  assert.ok(texts(made).includes("2 × 2 = 4"));
  assert.ok(texts(made).includes("✓"));
  const fraction = drawn("countdown", scene({ numbers: [3, 3, 8], target: 24 }, ["3 3 8", "3 8 / 3", "24"], ["8 / 3 = 8 / 3", "( 8 / 3 ) * 3 = 8"]));
  assert.ok(texts(fraction).includes("8 ÷ 3 = 8/3"));
  assert.ok(texts(fraction).includes("(8/3) × 3 = 8"));
});

test("a last number that is not the target is marked as wrong", () => {
  assert.ok(texts(drawn("countdown", scene({ numbers: [2, 3], target: 6 }, ["2 3", "5"], ["2 + 3 = 5"]))).includes("✗"));
  assert.ok(!texts(drawn("countdown", scene({ numbers: [2, 3], target: 6 }, ["2 3"]))).includes("✗"));
});

test("clauses are satisfied, violated, with one literal left, or open", () => {
  const puzzle = { variables: 4, clauses: [[1, 2], [-1, 2], [-1, 3], [-1, 4], [3, 4]] };
  const tally = texts(drawn("k-sat", scene(puzzle, ["T F _ _"]))).find((written) => written.includes("one left"));
  assert.match(tally ?? "", /✓ 1 true\s+✗ 1 false\s+! 2 one left\s+· 1 open/);
});

test("the clause that a unit names is marked", () => {
  const made = drawn("k-sat", scene({ variables: 3, clauses: [[1, 2], [-1, 3]] }, ["T _ T"], ["unit 2 x3 T"]));
  // the variable and the clause
  assert.equal(edged(made, "rect", "current").length, 2);
});

test("clues of a zebra puzzle hold, are broken, or are open; rules after those of the kinds are the clues about two things", () => {
  const puzzle = { attributes: [["red", "green"], ["tea", "milk"]], clues: [{ at: ["red", 1] }, { left: ["tea", "green"] }, { same: ["milk", "red"] }] };
  const made = drawn("zebra", scene(puzzle, ["1 2 1 _ not milk 1 ."], ["rule 4 milk 1"]));
  const marks = texts(made).filter((written) => ["✓", "✗", "·"].includes(written));
  assert.deepEqual(marks, ["✓", "✓", "✗"]);
  const named = [...made.all()].find((element) => element.tagName === "g" && element.children.some((child) => typeof child !== "string" && child.tagName === "rect") && element.textContent.includes("milk with red"));
  assert.ok(named);
});

test("what a clue about a house, or the first letter of a word, rules out is ruled out", () => {
  const zebra = drawn("zebra", scene({ attributes: [["red", "green"], ["tea", "milk"]], clues: [{ at: ["red", 1] }, { notat: ["tea", 1] }] }, ["_ _ _ _"]));
  const crossed = [...zebra.all()].filter((element) => element.getAttribute("text-decoration") === "line-through").map((element) => element.textContent);
  assert.deepEqual(crossed, ["red", "tea"]);
  const sum = texts(drawn("cryptarithm", scene({ addends: ["TO", "GO"], sum: "OUT" }, ["_ _ _ _"])));
  assert.equal(sum.filter((written) => written === "×").length, 3);
});

test("claims of knights and knaves are judged by what is supposed", () => {
  const puzzle = { people: ["Ann", "Bob", "Cora"], statements: [[1, { is: [2, false] }], [2, { or: [[1, true], [3, true]] }], [3, { iff: [[1, true], [2, true]] }]] };
  const told = texts(drawn("knights-knaves", scene(puzzle, ["knight knight _"])));
  assert.deepEqual(told.filter((written) => ["true", "false", "open"].includes(written) && written !== ""), ["false", "true", "open", "true"]);
  assert.equal(told.filter((written) => written === "✗").length, 1);
  assert.equal(told.filter((written) => written === "✓").length, 1);
});

test("a contradiction says what has nothing left", () => {
  const puzzle = { variables: 2, clauses: [[1, 2], [1, -2]] };
  assert.ok(texts(drawn("k-sat", scene(puzzle, ["F _ contradiction"], ["no-candidate x2"]))).includes("✗ x2 has no value left"));
  assert.ok(!drawn("k-sat", scene(puzzle, ["F _"])).textContent.includes("left for"));
  const colours = { nodes: 3, colours: 2, edges: [[1, 2]] };
  assert.ok(texts(drawn("graph-colouring", scene(colours, ["red _ _ not n2 green . contradiction"], ["no-place 1 green"]))).includes("✗ no place is left for green"));
});

test("a state that goes on with something else is plain text, and so is what throws", () => {
  const puzzle = { variables: 2, clauses: [[1, 2]] };
  assert.ok(drawn("k-sat", scene(puzzle, ["T F T"])).hasAttribute("data-plain"));
  const throwing = { get variables(): number { throw new Error("odd"); } };
  assert.ok((DRAWINGS["k-sat"](scene(throwing, ["T F"])) as unknown as FakeElement).hasAttribute("data-plain"));
});

test("columns of a cryptarithm add up with their carries", () => {
  const puzzle = { addends: ["MILL", "SLAM"], sum: "SHADE" };
  const right = texts(drawn("cryptarithm", scene(puzzle, ["8 6 7 1 4 0 2 5"])));
  assert.equal(right.filter((written) => written === "✓").length, 5);
  assert.equal(right.filter((written) => written === "+1").length, 4);
  assert.ok(texts(drawn("cryptarithm", scene(puzzle, ["8 6 7 1 4 0 2 9"]))).includes("✗"));
});

test("what a choice of numbers sums up to is right, can still become right, or cannot", () => {
  const puzzle = { numbers: [3, 5, 8, 9], target: 17 };
  assert.ok(texts(drawn("subset-sum", scene(puzzle, ["0 0 1 1"]))).includes("17 = 17 ✓"));
  assert.ok(texts(drawn("subset-sum", scene(puzzle, ["_ _ 1 _"]))).includes("8 of 17"));
  assert.ok(texts(drawn("subset-sum", scene(puzzle, ["1 _ 1 1"]))).includes("20 of 17 ✗ too much"));
  assert.ok(texts(drawn("subset-sum", scene(puzzle, ["_ 1 0 0"]))).includes("5 of 17 ✗ out of reach"));
});

test("edges between nodes of the same colour are marked, and open nodes have the colours that are left", () => {
  const puzzle = { nodes: 3, colours: 3, edges: [[1, 2], [2, 3]] };
  const told = texts(drawn("graph-colouring", scene(puzzle, ["red red _ not n3 blue ."])));
  assert.ok(told.includes("✗"));
  assert.ok(told.includes("G"));
});

test("items that must not be alone are marked where the farmer is not", () => {
  const puzzle = { items: ["wolf", "goat", "cabbage"], pairs: [["wolf", "goat"], ["goat", "cabbage"]], boat: 1 };
  const told = texts(drawn("river-crossing", scene(puzzle, ["wolf goat far"], ["( cabbage )"])));
  assert.ok(told.includes("wolf ✗") && told.includes("goat ✗") && !told.includes("cabbage ✗"));
  assert.ok(!texts(drawn("river-crossing", scene(puzzle, ["wolf goat near"]))).includes("wolf ✗"));
});

test("blocks that stand where they are to stay are marked, and none above a wrong one", () => {
  const puzzle = { start: ["AB", "CD"], goal: ["AB", "DC"] };
  // A and B, now and at the goal
  assert.equal(texts(drawn("blocksworld", scene(puzzle, ["[ A B ] [ C D ]"]))).filter((written) => written === "✓").length, 4);
  const above = { start: ["CAB"], goal: ["AB", "C"] };
  // C now and at the goal; A and B must move, though B stands on A
  assert.equal(texts(drawn("blocksworld", scene(above, ["[ C A B ]"]))).filter((written) => written === "✓").length, 2);
});

test("changed letters of a ladder are marked, and how many still differ", () => {
  const made = drawn("word-ladder", scene({ start: "cold", goal: "warm" }, ["c o l d", "c o r d"], ["c o r d"]));
  assert.equal(edged(made, "rect", "accent").length, 1);
  assert.ok(made.textContent.includes("3 to change"));
  assert.equal(edged(made, "line", "good").length, 1, "one letter is that of the goal");
});

/** Edges of a graph that looks random and is always the same. */
const edgesOf = (nodes: number, each: number): Edge[] => Array.from({ length: nodes * each }, (_, at): Edge => [at % nodes, (at * 7 + 3 * Math.floor(at / nodes) + 1) % nodes]).filter(([from, to]) => from !== to);

test("a graph is laid out in the same way each time, inside its box, with its nodes apart", () => {
  const place = (): Point[] => fit(layout(24, edgesOf(24, 2), 0, false), 440, 400, 20, 40);
  assert.deepEqual(place(), place());
  assert.ok(place().every(({ x, y }) => x >= 19 && x <= 421 && y >= 19 && y <= 381));
  assert.ok(nearest(place()) > 30, String(nearest(place())));
});

test("neighbours are nearer than others in a layout", () => {
  const ring: Edge[] = Array.from({ length: 12 }, (_, at) => [at, (at + 1) % 12]);
  const points = layout(12, ring, 0, false);
  const far = (one: number, other: number): number => Math.hypot(points[one].x - points[other].x, points[one].y - points[other].y);
  assert.ok(ring.every(([from, to]) => far(from, to) < far(from, (from + 6) % 12)));
});

test("a star has its first node in the middle and its arms around it; an acyclic graph goes down in rows", () => {
  const star = layout(7, [[0, 1], [1, 2], [0, 3], [3, 4], [0, 5], [5, 6]], 0, true);
  const out = (node: number): number => Math.hypot(star[node].x - star[0].x, star[node].y - star[0].y);
  assert.ok([1, 3, 5].every((node) => out(node) < out(node + 1)));
  const rows = layout(5, [[0, 1], [0, 2], [1, 3], [2, 3], [3, 4]], 0, true);
  assert.ok(rows[0].y < rows[1].y && rows[1].y === rows[2].y && rows[2].y < rows[3].y && rows[3].y < rows[4].y);
});

test("layouts take a few milliseconds, and large graphs some more", () => {
  const time = (nodes: number): number => {
    const runs = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage();
      fit(layout(nodes, edgesOf(nodes, 2), 0, false), 600, 600, 20, 30);
      return process.cpuUsage(before).user / 1000;
    });
    return Math.min(...runs);
  };
  const [small, large] = [time(30), time(160)];
  assert.ok(small < 10 && large < 120, `${small} ms and ${large} ms`);
});
