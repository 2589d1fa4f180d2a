import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { EXAMPLES as BOARDS } from "./examples";
import { FakeElement, installFakeDocument } from "./fake-document";
import { draw, DRAWINGS, type Scene } from "./index";
import { OTHERS } from "./other-examples";

installFakeDocument();

const EXAMPLES = [...BOARDS, ...OTHERS];

const HOSTILE = '<img src=x onerror="alert(1)">&\u0000\ud800 \u202e';
const ODD: unknown[] = [null, undefined, true, -1, 0, 1.5, 1e9, NaN, Infinity, "", HOSTILE, "9".repeat(400), [], [[]], {}, [null], [[0, 0, 0]], [["x"]], [[-1, 1e9]], Array(3000).fill(1), Array(300).fill(Array(300).fill(0))];
const ODD_TEXTS = ["", " ", HOSTILE, "0", "1 1", "_", "9".repeat(9), "1 ".repeat(50_000), "not", "contradiction", "| | |", "[ ]", "[ | | ]", " / / ", "worker", "worker 1 1 box", "guess", "guess =", "no-place 3", "rule x r1c1 1", "hidden 999999 r1c1 1", "single r999c999 1", "__proto__", "constructor 1", "-1 -1", "A up 1", "flip 99999", "slide 99", "1 A -> Z", "U9", "z9 z9", "a1 a1"];

/** Draws, and looks whether all of it can be drawn: a name, a size, and no number that is none. */
function drawn(env: string, scene: Scene): FakeElement {
  const made = draw(env, scene) as unknown as FakeElement;
  assert.equal(made.tagName, "svg");
  assert.equal(made.getAttribute("role"), "img");
  assert.match(made.getAttribute("viewBox") ?? "", /^0 0 \d+(\.\d+)? \d+(\.\d+)?$/);
  let elements = 0;
  for (const element of made.all()) {
    elements += 1;
    for (const [name, value] of element.attributes) {
      assert.doesNotMatch(value, /NaN|Infinity|undefined|null/, `${env}: ${element.tagName} ${name}="${value}" of ${JSON.stringify(scene.state)} ${JSON.stringify(scene.move)}`);
      if (name === "fill" || name === "stroke") assert.match(value, /^(none|transparent|currentColor|inherit|var\(--[a-z0-9-]+\)|color-mix\(.*var\(.*\)|url\(#[a-z0-9-]+\))$/, `${env}: ${name}="${value}"`);
    }
  }
  assert.ok(elements < 20_000, `${env}: ${elements} elements`);
  const title = made.children.find((child) => typeof child !== "string" && child.tagName === "title");
  assert.ok(title instanceof FakeElement && title.textContent !== "", `${env} has no title`);
  return made;
}

const isPlain = (made: FakeElement): boolean => made.hasAttribute("data-plain");

for (const { env, scene, title } of EXAMPLES) {
  test(`${env}: draws its state, its start, and what the title says`, () => {
    const made = drawn(env, scene);
    assert.ok(!isPlain(made), "is plain text");
    assert.match(made.textContent, title);
    const start = drawn(env, { ...scene, state: null, move: null, path: [], moves: [], seen: new Map() });
    assert.ok(!isPlain(start), "the start is plain text");
  });

  test(`${env}: odd puzzles never throw`, () => {
    const puzzle = scene.puzzle as Record<string, unknown>;
    for (const odd of ODD) {
      drawn(env, { ...scene, puzzle: odd });
      for (const field of Object.keys(puzzle)) {
        drawn(env, { ...scene, puzzle: { ...puzzle, [field]: odd } });
        drawn(env, { ...scene, puzzle: { ...puzzle, [field]: odd }, state: null });
        const inside = puzzle[field];
        if (Array.isArray(inside)) drawn(env, { ...scene, puzzle: { ...puzzle, [field]: [...inside.slice(1), odd] } });
      }
    }
    for (const field of Object.keys(puzzle)) {
      const rest = Object.fromEntries(Object.entries(puzzle).filter(([name]) => name !== field));
      drawn(env, { ...scene, puzzle: rest });
    }
  });

  test(`${env}: odd states and moves never throw, and what is no state is shown as text`, () => {
    for (const odd of ODD_TEXTS) {
      drawn(env, { ...scene, state: odd });
      drawn(env, { ...scene, move: odd, moves: [odd, odd] });
      drawn(env, { ...scene, path: [odd, odd, scene.state ?? ""], seen: new Map([[odd, 5], ["x", -3]]), solution: [odd] });
    }
    const hostile = drawn(env, { ...scene, state: HOSTILE });
    assert.ok(isPlain(hostile));
    assert.match(hostile.textContent, /<img src=x/);
    assert.ok([...hostile.all()].every((element) => element.tagName !== "img"));
  });
}

test("every drawing shows scenes of all other puzzles without an error", () => {
  for (const env of [...Object.keys(DRAWINGS), "unknown", "__proto__"]) {
    for (const { scene } of EXAMPLES) drawn(env, scene);
  }
});

test("a maze of 200 by 200 is a few elements", () => {
  const cells = Array.from({ length: 40_000 }, (_, at) => [at % 200, Math.floor(at / 200)] as const);
  const walls = cells.filter(([x, y]) => (x * 7 + y * 3) % 5 === 0);
  const open = cells.filter(([x, y]) => (x * 7 + y * 3) % 5 !== 0).map(([x, y]) => `${x} ${y}`);
  const scene: Scene = { puzzle: { width: 200, height: 200, start: [1, 0], goal: [198, 199], walls }, state: open[0] ?? null, path: open, moves: [], seen: new Map(open.map((state, order) => [state, order])), move: null, solution: null };
  const made = drawn("maze", scene);
  assert.ok(!isPlain(made));
  assert.ok([...made.all()].length < 60);
});

test("every colour of the drawings is one of style.css", () => {
  const style = readFileSync("src/style.css", "utf8");
  const named = new Set([...style.matchAll(/^\s*(--[a-z0-9-]+):/gm)].map(([, name]) => name));
  const sources = readdirSync("src/drawings").filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  for (const file of sources) {
    const used = [...readFileSync(`src/drawings/${file}`, "utf8").matchAll(/var\((--[a-z0-9-]+)[),]/g)].map(([, name]) => name);
    for (const name of used) assert.ok(named.has(name), `${file}: ${name}`);
  }
});
