// The rows of the gallery: one short trace for each environment. They are in tests/rows, as the program gives them (`npm run rows`).

/** A row of the gallery: of which search and index, and which part of its trace the picture shows (from 0 to 1). */
export interface Shown { search: string; index: number; at: number }

const DEPTH_FIRST = '{ kind = "dfs" }';
const BACKTRACKING = '{ kind = "backtracking" }';
const ASTAR = (heuristic: string) => `{ kind = "astar", heuristic = "${heuristic}" }`;

export const GALLERY: Record<string, Shown> = {
  blocksworld: { search: '{ kind = "bfs" }', index: 8, at: 0.8 },
  countdown: { search: DEPTH_FIRST, index: 19, at: 0.75 },
  cryptarithm: { search: BACKTRACKING, index: 1, at: 0.7 },
  "exact-cover": { search: BACKTRACKING, index: 8, at: 0.7 },
  futoshiki: { search: BACKTRACKING, index: 9, at: 0.7 },
  graph: { search: DEPTH_FIRST, index: 0, at: 0.8 },
  "graph-colouring": { search: BACKTRACKING, index: 28, at: 0.8 },
  hanoi: { search: DEPTH_FIRST, index: 32, at: 0.6 },
  "k-sat": { search: BACKTRACKING, index: 9, at: 0.7 },
  kakurasu: { search: BACKTRACKING, index: 16, at: 0.7 },
  knapsack: { search: BACKTRACKING, index: 23, at: 0.8 },
  knights: { search: DEPTH_FIRST, index: 28, at: 0.8 },
  "knights-knaves": { search: BACKTRACKING, index: 10, at: 0.8 },
  "latin-square": { search: BACKTRACKING, index: 19, at: 0.7 },
  "lights-out": { search: '{ kind = "greedy", heuristic = "lit" }', index: 13, at: 0.8 },
  maze: { search: DEPTH_FIRST, index: 30, at: 0.9 },
  "n-queens": { search: BACKTRACKING, index: 16, at: 0.8 },
  "number-line": { search: DEPTH_FIRST, index: 29, at: 0.8 },
  "number-partition": { search: BACKTRACKING, index: 3, at: 0.8 },
  pancake: { search: ASTAR("gap"), index: 17, at: 0.6 },
  "pocket-cube": { search: ASTAR("corners"), index: 17, at: 0.5 },
  "river-crossing": { search: DEPTH_FIRST, index: 11, at: 0.6 },
  "rush-hour": { search: DEPTH_FIRST, index: 30, at: 0.6 },
  "sliding-tiles": { search: ASTAR("linear-conflict"), index: 45, at: 0.6 },
  sokoban: { search: DEPTH_FIRST, index: 1, at: 0.6 },
  "subset-sum": { search: BACKTRACKING, index: 9, at: 0.8 },
  sudoku: { search: BACKTRACKING, index: 8, at: 0.7 },
  survo: { search: BACKTRACKING, index: 19, at: 0.7 },
  "water-jugs": { search: DEPTH_FIRST, index: 1, at: 0.7 },
  "word-ladder": { search: ASTAR("letters"), index: 58, at: 1 },
  zebra: { search: BACKTRACKING, index: 1, at: 0.7 },
};

/** The recipe that has the row of an environment. */
export function recipe(env: string): string {
  return [
    'name = "gallery"', "seed = 1", 'dialect = "compact"', "answer = true", `environment = { name = "${env}", level = "easy" }`, `searches = [${GALLERY[env].search}]`,
    "splits = { train = { rows = 64 } }", "[[records]]", 'kind = "search"', "",
  ].join("\n");
}

/** A recipe with a row of each kind that has its own way to be shown. */
export const KINDS = `name = "kinds"
seed = 3
dialect = "compact"
answer = true
environment = { name = "countdown", level = "easy" }
searches = [{ kind = "dfs" }]
splits = { train = { rows = 8 } }
${["search", "optimal", "swapped", "preference", "stepwise", "messages", "correction", "critique", "criteria", "comparison"].map((kind) => `[[records]]\nkind = "${kind}"`).join("\n")}
[[records]]
kind = "corrupted"
corruption = { kinds = [{ kind = "arithmetic-slip" }] }
[[records]]
kind = "group"
`;

/** The row of the picture of the page. */
export const PAGE = { recipe: "../recipes/sudoku.toml", index: 11 };
