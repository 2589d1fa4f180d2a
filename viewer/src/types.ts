// What the program gives to the page. The program works out every verdict, label and rule; the page shows them.

/** A place in a text: bytes of UTF-8, the end is behind the last one. */
export type Span = [number, number];

/** What there is to see. */
export interface About {
  kind: "recipe" | "dataset" | "rows" | "request" | "evidence";
  name: string;
  version: string;
  recipe?: string | null;
  seed?: number | string | null;
  space?: unknown;
  configs: Config[];
  rows: number | null;
  /** The tokenizer file in whose tokens texts are counted; null for those of the dialect. */
  tokenizer?: string | null;
  /** Whether there are figures alone, and no rows. */
  figures?: boolean;
  /** What each class of error breaks, in a sentence. */
  rules?: Record<string, string>;
}

export interface Config {
  name: string;
  kind: string;
  splits: { name: string; rows: number | null }[];
}

/** A row with everything that the page shows of it. */
export interface LookedAtRow {
  row: Record<string, unknown>;
  puzzle: unknown;
  /** The start and the goal, as text in the style Compact. */
  start?: string | null;
  target?: string | null;
  /** What a check of the whole row says, where the row has labels of its own. */
  check?: Record<string, unknown> | null;
  env: string;
  dialect: string;
  search: string | null;
  config: string | null;
  split: string | null;
  index: number;
  /** In a file: the indices of rows of the same puzzle, this one among them. */
  same_puzzle?: number[];
  texts: Text[];
}

/** One text of a row. All spans in it are bytes of `text`. */
export interface Text {
  name: string;
  prompt: string;
  text: string;
  answer: Span | null;
  trace: Trace | null;
  solution: number[] | null;
  solution_states: number[] | null;
  verdict: Verdict | null;
  defects: Defect[];
  wrong_spans: Span[];
  skip_spans: Span[];
  label: unknown;
  /** How many tokens there are; null for no answer. */
  tokens?: { prompt: number; text: number; answer: number | null };
}

/** The kinds of events, by their names in `Trace.kinds`. */
export type Kind = "visit" | "generate" | "open" | "goal" | "dead-end" | "seen" | "cut" | "prune" | "move-to" | "bound" | "root" | "meet"
  | "give-up" | "unsolvable";

export interface Trace {
  states: string[];
  moves: string[];
  /** Columns: one entry for each node. */
  nodes: {
    /** -1 for a root. */
    parent: number[];
    depth: number[];
    state: number[];
    move: number[];
    /** The number among the parent's children; of a root 0, of the root of a tree from the goal 1. */
    ordinal: number[];
    /** The number by which the text names the node, where it names nodes by numbers. */
    number?: (number | null)[] | null;
    g: (number | null)[];
    h: (number | null)[];
  };
  /** How the text names nodes. */
  names: "labels" | "numbers" | "indices" | "moves" | "states";
  /** What the node of a bound event is an index into; the same of a meet event. */
  bounds: number[];
  meetings: [number, number][];
  /** Columns: one entry for each event. `kind` is an index into `kinds`. */
  events: { kind: number[]; node: number[]; start: number[]; end: number[] };
  kinds: Kind[];
  /** By event: the fields in which the event contradicts its node. */
  claims: Record<string, Claim>;
}

export interface Claim {
  state?: number | null;
  move?: number | null;
  g?: number | null;
  h?: number | null;
  label?: unknown;
  [field: string]: unknown;
}

export interface Verdict {
  parsed?: boolean;
  solved?: boolean;
  trace_solved?: boolean | null;
  answer_right?: boolean | null;
  valid?: boolean;
  optimal?: boolean | null;
  cost?: number | null;
  first_error?: Wrong | null;
  errors?: Wrong[];
  metrics?: { nodes?: number; visits?: number; backtracks?: number; depth?: number; [name: string]: unknown };
  reward?: number;
  [field: string]: unknown;
}

/** An error that the checker found. */
export interface Wrong {
  class: string;
  level?: string;
  step?: number | null;
  span?: Span | null;
  found?: string | null;
  expected?: string | null;
  /** What the class breaks, in a sentence. */
  rule?: string | null;
}

/** A defect that was planted. */
export interface Defect {
  kind?: string;
  class?: string;
  level?: string;
  step?: number | null;
  span?: Span | number[] | null;
  found?: string | null;
  expected?: string | null;
  [field: string]: unknown;
}

/** A row to choose from. A number that is unknown is null. */
export interface ShortRow {
  id: string | null;
  config: string | null;
  split: string | null;
  index: number;
  env: string | null;
  outcome: string | null;
  search: string | null;
  nodes: number | null;
  backtracks: number | null;
  depth: number | null;
  tokens: number | null;
  bytes: number | null;
  difficulty: number | null;
  solved: boolean | null;
  /** The class of the first planted defect. */
  defect: string | null;
  /** The class of the first error that the checker finds. */
  first_error: string | null;
  label: unknown;
}

/** Which rows to list. */
export interface Filter {
  env?: string;
  outcome?: string;
  search?: string;
  /** A class of a planted defect or of a first error. */
  class?: string;
  solved?: boolean;
  least_tokens?: number;
  most_tokens?: number;
  /** A part of the id, the prompt or a text. */
  text?: string;
}

/** Rows to choose from: `next` is the first index that was not looked at. */
export interface RowList {
  rows: ShortRow[];
  more: boolean;
  next: number;
}

/** The place of a row. */
export interface Place {
  config: string | null;
  split: string | null;
  index: number;
}
