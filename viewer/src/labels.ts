// Labels of single steps, as rows of the kinds `stepwise` and `criteria` have them.

import type { Text } from "./types";

/** A label of a step: at which byte of the text, or at which event, it stands. */
export interface StepLabel {
  byte?: number;
  event?: number;
  good: boolean;
  says: string;
}

const CRITERIA: [string, string][] = [["acc", "acceptability"], ["rel", "relevance"], ["suf", "sufficiency"], ["clr", "clarity"], ["opt", "optimality"]];

/** The labels of a text's steps; none for most rows. */
export function stepLabels(text: Text): StepLabel[] {
  const label = text.label;
  if (typeof label !== "object" || label === null) return [];
  const { steps, starts, criteria } = label as { steps?: unknown; starts?: unknown; criteria?: unknown };
  if (Array.isArray(steps) && Array.isArray(starts)) {
    return steps.slice(0, starts.length).map((good, step) => ({ byte: Number(starts[step]), good: good === true, says: good === true ? "the row says: right" : "the row says: wrong" }));
  }
  return Array.isArray(criteria) ? criteria.map(ofCriteria) : [];
}

/** The five criteria of a step in words. */
function ofCriteria(given: unknown): StepLabel {
  const step = (given ?? {}) as Record<string, unknown>;
  const known = CRITERIA.filter(([key]) => step[key] === 0 || step[key] === 1);
  const words = known.map(([key, name]) => `${name} ${step[key] === 1 ? "✓" : "✗"}`).join(", ");
  const why = typeof step.why === "string" && step.why !== "" ? ` (${step.why})` : "";
  return { event: Number(step.step), good: known.every(([key]) => step[key] === 1), says: `${words}${why}` };
}
