/** What a drawing shows: a puzzle, and where the trace stands in it. */
export interface Scene {
  /** The puzzle as JSON. */
  puzzle: unknown;
  /** The state at the step, as text in the style Compact; null where the trace tells none. */
  state: string | null;
  /** The states from the root to the state at the step. */
  path: string[];
  /** The moves between the states of the path: one fewer than those. */
  moves: string[];
  /** The states that were visited up to the step, with the order of their first visit. */
  seen: Map<string, number>;
  /** The move that led to the state; null at a step that goes back to it. */
  move: string | null;
  /** The move that a step back undoes, and those that followed from it. */
  undone?: string | null;
  /** The states of the solution, from the start to the goal. */
  solution: string[] | null;
}

/** Draws a scene: with a viewBox, a <title> and role="img", in the colours of style.css alone. It never throws. */
export type Drawing = (scene: Scene) => SVGSVGElement;
