// What a reader looks for in a trace: the first wrong turn and where it was undone, dead ends, backtracks, errors, the goal.

import type { Replay } from "./replay";
import type { Text } from "./types";

/** A choice that failed. All but the node are events. */
export interface WrongTurn {
  /** The child that was chosen where the choice was. */
  node: number;
  made: number;
  dead: number;
  /** Where control went back to above the choice; null where it never did. */
  undone: number | null;
}

export interface Landmarks {
  wrongTurn: WrongTurn | null;
  deadEnds: number[];
  backtracks: number[];
  /** Events at which the checker found an error; one behind the last for the answer section. Each once, in order. */
  errors: number[];
  defects: number[];
  goal: number | null;
}

export function landmarks(text: Text, replay: Replay): Landmarks {
  return {
    wrongTurn: wrongTurn(replay),
    deadEnds: replay.deadEnds,
    backtracks: replay.jumps.map((jump) => jump.event),
    errors: steps(text.verdict?.errors ?? []),
    defects: steps(text.defects),
    goal: replay.goals[0] ?? null,
  };
}

function steps(things: { step?: number | null }[]): number[] {
  const steps = things.map((thing) => thing.step).filter((step): step is number => typeof step === "number" && step >= 0);
  return [...new Set(steps)].sort((one, other) => one - other);
}

/** The first choice that failed: on the way to the first dead end, the step below the node to which control went back. */
function wrongTurn(replay: Replay): WrongTurn | null {
  const dead = replay.deadEnds[0];
  if (dead === undefined) return givenUp(replay);
  const end = replay.focus[dead];
  const back = replay.jumps.find((jump) => jump.event > dead);
  const way = replay.way(end);
  const node = back === undefined ? end : way[way.indexOf(replay.common(back.to, end)) + 1] ?? end;
  return { node, made: Math.max(0, replay.appears[node]), dead, undone: back?.event ?? null };
}

/** The same in traces that name no dead ends, where all that is left was seen before: the first branch above which control goes back. */
function givenUp(replay: Replay): WrongTurn | null {
  for (const { event, to } of replay.jumps) {
    const way = replay.way(replay.control[event - 1] ?? 0);
    const at = way.indexOf(to);
    if (at >= 0 && at < way.length - 1) return { node: way[at + 1], made: Math.max(0, replay.appears[way[at + 1]]), dead: event - 1, undone: event };
  }
  return null;
}

/** The first of some events behind one; from the beginning again where there is none. */
export function nextOf(events: readonly number[], behind: number): number | null {
  return events.find((event) => event > behind) ?? events[0] ?? null;
}
