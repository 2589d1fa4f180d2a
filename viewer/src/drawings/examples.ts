/** A scene of each board puzzle, for tests. */
import type { Scene } from "./scene";

export interface Example {
  env: string;
  scene: Scene;
  /** What the title must say of the state. */
  title: RegExp;
}

const example = (env: string, puzzle: unknown, states: string[], moves: string[], title: RegExp, more: Partial<Scene> = {}): Example => ({
  env,
  title,
  scene: { puzzle, state: states.at(-1) ?? null, path: states, moves, seen: new Map(states.map((state, order) => [state, order])), move: moves.at(-1) ?? null, solution: null, ...more },
});

export const EXAMPLES: Example[] = [
  example("maze", { width: 4, height: 3, start: [0, 0], goal: [3, 1], walls: [[1, 0], [1, 1], [3, 0]] }, ["0 0", "0 1", "0 2"], ["down", "down"], /4 by 3.*column 0, row 2; 3 visited/, { solution: ["0 0", "0 1", "0 2", "1 2"] }),
  example("sokoban", { width: 5, height: 3, walls: [[0, 0]], worker: [1, 1], boxes: [[2, 1]], docks: [[3, 1]] }, ["worker 1 1 box 2 1", "worker 2 1 box 3 1"], ["right worker 2 1 box 3 1"], /column 2, row 1; 1 of 1 boxes on docks/),
  example("sudoku", { cells: [[0, 0, 0, 0], [0, 0, 1, 2], [2, 1, 0, 0], [0, 0, 0, 0]] }, ["_ _ _ _ _ _ 1 2 2 1 _ _ _ _ _ _", "1 _ _ _ _ _ 1 2 2 1 _ _ _ _ _ _"], ["hidden 1 r1c1 1"], /11 of 16 cells open; 1 _ _ _/),
  example("latin-square", { cells: [[1, 0, 0], [0, 3, 0], [0, 0, 0]] }, ["1 _ _ _ 3 _ _ _ _", "1 2 _ _ 3 _ _ _ _"], ["single r1c2 2"], /6 of 9 cells open; 1 2 _/),
  example("futoshiki", { cells: [[0, 0, 0], [0, 0, 0], [0, 0, 0]], less: [[1, 1, 1, 2], [1, 2, 1, 3], [1, 1, 2, 1], [2, 1, 3, 1]] }, ["_ _ _ _ _ _ _ _ _", "_ _ _ _ _ _ _ _ _ not r1c1 3 ."], ["rule 7 r1c1 3"], /9 of 9 cells open/),
  example("kakurasu", { rows: [3, 2, 1], columns: [3, 2, 1] }, ["_ _ _ _ _ _ _ _ _", "_ _ _ 0 1 0 1 _ _ not r1c1 1 ."], ["single r3c1 1"], /2 black cells, 5 open/),
  example("survo", { cells: [[1, 0], [0, 0]], rows: [4, 6], columns: [3, 7] }, ["1 _ _ _", "1 3 _ _"], ["unit 2 r1c2 3"], /sums of rows 4 6.*2 of 4 cells open; 1 3 \/ _ _/),
  example("n-queens", { columns: [2, 0, 0, 0] }, ["2 _ _ _", "2 4 _ _ not q3 2 ."], ["q2 4"], /row 1 column 2, row 2 column 4/),
  example("exact-cover", { elements: 4, sets: [[1, 2], [2, 3], [3, 4], [4]] }, ["_ _ _ _", "1 0 _ _"], ["single s2 0"], /s1 chosen, 2 elements covered once/),
  example("knights", { task: "swap", width: 3, height: 3, blocked: ["b2"], white: ["a1", "c1"], black: ["a3", "c3"] }, ["a1 c1 | a3 c3", "b3 c1 | a3 c3"], ["a1 b3"], /b3 c1 \| a3 c3/),
  example("knights", { task: "path", width: 5, height: 5, blocked: ["b2"], start: "a1", goal: "c3" }, ["a1", "b3"], ["a1 b3"], /5 by 5: b3/),
  example("lights-out", { lamps: ["010", "111", "010"] }, ["0 1 0 / 1 1 1 / 0 1 0", "0 0 0 / 0 0 0 / 0 0 0"], ["2 2"], /0 lamps on, row 2 column 2 pressed last/),
  example("rush-hour", { size: 6, exit: 2, cars: [{ x: 1, y: 2, length: 2, across: true }, { x: 4, y: 0, length: 3, across: false }], walls: [[0, 5]] }, ["1 0", "1 3"], ["B down 3"], /A at 1, B at 3/),
  example("sliding-tiles", { rows: 2, columns: 3, tiles: [1, 2, 3, 0, 4, 5] }, ["1 2 3 0 4 5", "1 2 3 4 0 5"], ["slide 4"], /1 2 3 4 0 5; 4 of 5 at home/),
  example("pocket-cube", { facelets: "UUUURRRRFFFFDDDDLLLLBBBB" }, ["URF UFL ULB UBR DFR DLF DRB", "FRD UFL ULB FUR BDR DLF BRU"], ["R"], /up UFUF, right RRRR/),
  example("pancake", { stack: [2, 3, 1] }, ["2 3 1", "3 2 1"], ["flip 2"], /3 2 1; the upper 2 flipped/),
  example("hanoi", { start: [[3, 1], [2], []], goal: [[], [], [3, 2, 1]] }, ["[ 3 1 | 2 | ]", "[ 3 | 2 | 1 ]"], ["1 A -> C"], /A 3, B 2, C 1/),
];
