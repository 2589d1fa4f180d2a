// What files of model outputs differ in from the first, over the puzzles that both have, with paired intervals.

import { figure, h } from "../dom";
import { rangeOf } from "./bins";
import { table, type Series } from "./chart";
import { dotsByName, type Dot } from "./dots";
import type { Comparison, FileScores, Mean } from "./types";

/** A file with its line in the charts. */
export interface File {
  scores: FileScores;
  series: Series;
}

/** The differences of all files to the first. */
export function differences(comparison: Comparison, files: File[]): HTMLElement | null {
  if (comparison.differences.length === 0) return null;
  const first = files[0].series.name;
  const each = comparison.differences.map((difference) => ({
    difference,
    series: files.find((file) => file.scores.file === difference.file)?.series ?? files[0].series,
  }));
  const of = (list: (entry: (typeof each)[number]) => [string, Mean, string][]): Dot[] =>
    each.flatMap((entry) => list(entry).map(([name, mean, note]) => ({ name, mean, note, series: entry.series })));
  const totals = of(({ difference }) => [
    ["solved", difference.solved, `${difference.shared} puzzles`],
    ...Object.entries(difference.pass_at)
      .filter(([k]) => k !== "1")
      .map(([k, mean]): [string, Mean, string] => [`one of ${k}`, mean, `${difference.shared} puzzles`]),
    ...(difference.answer_right === null ? [] : [["answer right", difference.answer_right, `${difference.shared} puzzles`] as [string, Mean, string]]),
  ]);
  const byEnv = of(({ difference }) => (difference.by_env ?? []).map((env) => [env.name, env.solved, `${env.shared} puzzles`]));
  const byDifficulty = of(({ difference }) =>
    (difference.by_difficulty ?? []).map((group) => [rangeOf([group.from, group.to], 0), group.solved, `${group.shared} puzzles`]),
  );
  const note = `Points of a percentage, over the puzzles that both files have. Right of zero: more than ${first}. An interval (95 %, paired) with zero in it may be chance.`;
  const several = (dots: Dot[]) => new Set(dots.map((dot) => dot.name)).size > 1;
  return h(
    "section",
    {},
    h("h2", {}, `Against ${first}`),
    h(
      "div",
      { class: "chart-grid" },
      dotsByName("Differences", note, "points →", null, totals, null),
      several(byEnv) ? dotsByName("Differences by environment", "Solved.", "points →", null, byEnv, null) : null,
      several(byDifficulty)
        ? dotsByName("Differences by difficulty", "Solved, by groups of puzzles of rising difficulty.", "points →", null, byDifficulty, "difficulty")
        : null,
      changes(each, first),
    ),
  );
}

/** How many puzzles changed, and how many could not be compared. */
function changes(each: { difference: Comparison["differences"][number]; series: File["series"] }[], first: string): HTMLElement {
  const rows = each.map(({ difference, series }) => [
    series.name,
    figure(difference.shared),
    figure(difference.wrong_to_right),
    figure(difference.right_to_wrong),
    figure(difference.only_here.length),
    figure(difference.only_there.length),
  ]);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, h("h3", {}, "Puzzles that changed"), h("p", { class: "muted" }, "A puzzle counts as right where some text of the file solves it.")),
    table(["", "shared", "wrong to right", "right to wrong", "only here", `only in ${first}`], rows, "Puzzles that changed"),
  );
}
