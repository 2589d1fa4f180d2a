// The figures of a dataset (as `sos stats --json` prints them) and of model outputs (as `sos score --json` does). A field that may be missing leaves its
// chart out.

/** Counts by name: outcomes, classes of errors, searches. */
export type Counts = Record<string, number>;

/** Least number, median, 90th percentile and greatest number. */
export interface Spread {
  least: number;
  median: number;
  ninetieth: number;
  most: number;
}

/** The figures of one config and split. */
export interface ConfigStats {
  config: string;
  split: string;
  rows: number;
  solved: number;
  right: number;
  solvable: number;
  outcomes: Counts;
  error_classes: Counts;
  candidate_error_classes: Counts;
  spreads: Record<string, Spread>;
  distinct_words: number;
  repeated_puzzles: number;
  /** By column: the rows in each bin of `DatasetStats.bins`. */
  histograms?: Record<string, number[]>;
  by_difficulty?: { rows: number[]; solved: number[] };
  /** By class: in which tenth of the text the first defect begins. */
  defect_positions?: Record<string, number[]>;
  error_positions?: Record<string, number[]>;
  searches?: Counts;
  components?: Counts;
  envs?: Counts;
  labels?: Counts;
}

/** How well one feature tells a label. */
export interface Cue {
  config: string;
  label: string;
  family: string;
  feature: string;
  samples: number[];
  auc: number;
  interval?: [number, number] | null;
}

export interface DatasetStats {
  configs: ConfigStats[];
  puzzles_in_two_splits: number;
  cues: Cue[];
  tokenizer?: string;
  /** By column: edges of bins, the same for all configs and splits. A bin begins at its edge and ends before the next. */
  bins?: Record<string, number[]>;
  /** Where the figures are those of a sample: rows of each config and split. */
  sampled?: number;
}

/** A mean with its 95 % interval. */
export interface Mean {
  mean: number;
  low: number | null;
  high: number | null;
}

/** Rows by whether plan and trace are right. */
export interface TwoByTwo {
  plan_and_trace: number;
  plan_alone: number;
  trace_alone: number;
  neither: number;
  plan_without_trace: number;
  nothing: number;
}

/** Totals of a file of model outputs. */
export interface Totals {
  rows: number;
  groups: number;
  group_sizes: Counts;
  unreadable: Counts;
  solved: Mean;
  valid: Mean;
  optimal: Mean;
  wrong_steps: Mean;
  length: Mean;
  two_by_two: TwoByTwo;
  first_errors: Counts;
  more: Record<string, Mean>;
  pass_at: Record<string, Mean>;
  within?: { bytes: number; solved: Mean }[];
  by_env?: { name: string; rows: number; groups: number; solved: Mean; valid: Mean }[];
  by_difficulty?: { from: number; to: number; rows: number; groups: number; solved: Mean; valid: Mean }[];
  first_error_positions?: Record<string, number[]>;
  lengths?: { edges: number[]; solved: number[]; unsolved: number[] };
  /** Nodes of the text, nodes of the true search, and whether it solves its puzzle (1). */
  true_lengths?: [number, number, number][];
}

export interface FileScores {
  file: string;
  step: number | null;
  puzzles: number;
  answer_right: number | null;
  totals: Totals;
}

/** What a file differs in from the first, over the puzzles that both have. */
export interface Difference {
  file: string;
  step: number | null;
  against: string;
  shared: number;
  solved: Mean;
  pass_at: Record<string, Mean>;
  answer_right: Mean | null;
  wrong_to_right: number;
  right_to_wrong: number;
  only_here: string[];
  only_there: string[];
  by_env?: { name: string; shared: number; solved: Mean }[];
  by_difficulty?: { from: number; to: number; shared: number; solved: Mean }[];
}

export interface Comparison {
  files: FileScores[];
  differences: Difference[];
}

/** A reading that was written down before the runs. */
export interface Reading {
  says: string;
  bounds: string;
  word: "holds" | "fails" | "open" | "not run";
  found: Mean | null;
}

/** An experiment at a scale, as `sos-experiments report --html` gives it. */
export interface Experiment {
  name: string;
  scale: string;
  question: string;
  says: string;
  command: string;
  cost: string;
  arms: { name: string; says: string; seeds: number }[];
  /** What measures and packs are, by name. */
  measures: Record<string, string>;
  packs: Record<string, string>;
  curves: { pack: string; measure: string; arm: string; points: { tokens: number; rows: number; seeds: number; mean: Mean }[] }[];
  readings: Reading[];
}

/** What the figures are about. */
export type Figures = { kind: "evidence"; experiments: Experiment[] } | { kind: "dataset"; stats: DatasetStats } | { kind: "outputs"; scores: Comparison } | { kind: "nothing" };

/** Tells the forms of the figures apart by their fields. */
export function figures(stats: unknown): Figures {
  if (typeof stats !== "object" || stats === null) return { kind: "nothing" };
  if ("experiments" in stats) return { kind: "evidence", experiments: stats.experiments as Experiment[] };
  if ("configs" in stats) {
    const dataset = stats as DatasetStats;
    return dataset.configs.some((config) => config.rows > 0) ? { kind: "dataset", stats: dataset } : { kind: "nothing" };
  }
  const one = "two_by_two" in stats ? [{ file: "", step: null, puzzles: (stats as Totals).groups, answer_right: null, totals: stats as Totals }] : null;
  const scores: Comparison = one ? { files: one, differences: [] } : { files: [], differences: [], ...stats };
  return scores.files.some((file) => file.totals.rows > 0) ? { kind: "outputs", scores } : { kind: "nothing" };
}
