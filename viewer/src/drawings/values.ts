/** States and moves of constraint puzzles: `_ 3 _ 1 not r1c1 2 . contradiction`, `hidden 4 r1c2 3`. */
import { words } from "./shared";

/** What is known of the variables. */
export interface Values {
  /** The value of each variable; null where it is open. */
  decided: (string | null)[];
  /** The values that each open variable has lost, by its name. */
  lost: Map<string, Set<string>>;
  contradicts: boolean;
}

/** The values of a state; null if it does not have so many, or others than are allowed. A missing state has all variables open. */
export function readValues(state: string | null, count: number, allowed?: readonly string[]): Values | null {
  const decided: (string | null)[] = Array.from({ length: count }, () => null);
  const lost = new Map<string, Set<string>>();
  if (typeof state !== "string" || state === "") return { decided, lost, contradicts: false };
  const all = words(state);
  if (all.length < count) return null;
  for (let place = 0; place < count; place++) {
    const word = all[place] ?? "_";
    decided[place] = word === "_" ? null : word;
  }
  const odd = (value: string | null): boolean => value !== null && allowed !== undefined && !allowed.includes(value);
  if (decided.some(odd) || !["not", "contradiction", undefined].includes(all[count])) return null;
  let at = count;
  if (all[at] === "not") {
    for (at++; at + 1 < all.length && all[at] !== "."; at += 2) {
      lose({ lost }, all[at], all[at + 1]);
    }
  }
  return { decided, lost, contradicts: all.at(-1) === "contradiction" };
}

/** Takes a value away that the puzzle itself rules out: states do not tell these. */
export function lose({ lost }: Pick<Values, "lost">, variable: string, value: string): void {
  lost.set(variable, (lost.get(variable) ?? new Set<string>()).add(value));
}

/** A move: what it says of a variable, and why. */
export interface Choice {
  /** `guess`, `single`, `rule` …; empty for a plain choice. */
  reason: string;
  /** The number of the rule that the reason names, from 1. */
  rule: number | null;
  variable: string | null;
  value: string | null;
  /** Whether the variable loses the value instead of getting it. */
  removes: boolean;
}

const WITH_RULE = ["place", "repair", "hidden", "unit", "rule", "locked", "naked-pair", "naked-triple", "hidden-pair", "hidden-triple", "x-wing", "no-place"];
const WITHOUT_RULE = ["guess", "toss", "single", "pure", "no-candidate"];
const REMOVES = ["rule", "locked", "naked-pair", "naked-triple", "hidden-pair", "hidden-triple", "x-wing"];

/** The parts of a move; null where there is none. */
export function readChoice(move: string | null): Choice | null {
  const all = words(move);
  if (all.length === 0) return null;
  const first = all[0] ?? "";
  const ruled = WITH_RULE.includes(first);
  const reason = ruled || WITHOUT_RULE.includes(first) ? first : "";
  const rest = all.slice(ruled ? 2 : reason === "" ? 0 : 1);
  const value = reason === "no-place" ? rest[0] : reason === "guess" ? rest.at(-1) : rest[1];
  return {
    reason,
    rule: ruled ? Number(all[1]) : null,
    variable: reason === "no-place" ? null : (rest[0] ?? null),
    value: value ?? null,
    removes: REMOVES.includes(reason),
  };
}

/** Why a state has no solution, in words; null if it is not said to have none. */
export function contradiction(values: Values, choice: Choice | null): string | null {
  if (!values.contradicts) return null;
  if (choice?.reason === "no-candidate" && choice.variable !== null) return `✗ ${choice.variable} has no value left`;
  if (choice?.reason === "no-place" && choice.value !== null) return `✗ no place is left for ${choice.value}`;
  return "✗ contradiction";
}

/** The variables that were guessed by these moves. */
export function guessedIn(moves: readonly string[]): Set<string> {
  const guesses = moves.map(readChoice).filter((choice) => choice?.reason === "guess");
  return new Set(guesses.flatMap((choice) => choice?.variable ?? []));
}
