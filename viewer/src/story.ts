// A row in a few sentences, with what a reader looks for first as links.

import { figure, h } from "./dom";
import type { Landmarks } from "./landmarks";
import type { Replay } from "./replay";
import type { Text } from "./types";

/** How the search went: its size, and its first wrong turn from the choice to where it was undone. */
export function story(text: Text, replay: Replay, marks: Landmarks, toStep: (event: number) => void): HTMLElement {
  const link = (words: string, event: number, kind = "") => h("button", { type: "button", class: `link ${kind}`, onclick: () => toStep(event) }, words);
  const metrics = text.verdict?.metrics;
  const plural = (count: number, one: string, more = `${one}s`) => `${figure(count)} ${count === 1 ? one : more}`;
  const sizes = [plural(metrics?.nodes ?? replay.nodes, "node"), plural(metrics?.backtracks ?? replay.jumps.length, "backtrack"),
    plural(replay.deadEnds.length, "dead end")].join(", ");
  const parts: (Node | string)[] = [`${sizes}. `];
  const turn = marks.wrongTurn;
  if (turn !== null) {
    const words = replay.move(turn.node) ?? replay.label(turn.node);
    parts.push("The first choice that failed: ", link(`${shorten(words)} (step ${turn.made})`, turn.made, "choice"));
    if (turn.dead !== turn.made) parts.push(replay.deadEnds.length > 0 ? "; it comes to a " : "; it ", link(`${replay.deadEnds.length > 0 ? "dead end" : "ends"} (step ${turn.dead})`, turn.dead, "dead"));
    if (turn.undone !== null) parts.push(" and is ", link(`undone (step ${turn.undone})`, turn.undone, "jump"));
    parts.push(". ");
  }
  if (marks.goal !== null) parts.push("The goal: ", link(`step ${marks.goal}`, marks.goal, "goal"), ".");
  for (const { event } of replay.meetings.slice(0, 1)) parts.push(" Both trees meet: ", link(`step ${event}`, event, "goal"), ".");
  const last = replay.events - 1;
  if (replay.kind(last) === "give-up") parts.push(" It gives up: ", link(`step ${last}`, last, "dead"), ".");
  if (replay.kind(last) === "unsolvable") parts.push(" It says that there is no solution: ", link(`step ${last}`, last, "dead"), ".");
  return h("p", { class: "story" }, ...parts);
}

function shorten(words: string): string {
  return words.length > 60 ? `${words.slice(0, 59)}…` : words;
}
