// A text cut into lines that fit the pane. A text in one long line is cut where its steps begin.

import type { Replay } from "./replay";

export type Band = "prompt" | "text" | "answer";

/** Lines as columns: where each begins and ends in its source, in units of UTF-16, and its band. */
export interface Lines {
  start: number[];
  end: number[];
  band: Band[];
}

/** Appends the lines of source[from, to). `breaks` are places where a long line is cut first, in order. */
export function wrap(lines: Lines, source: string, from: number, to: number, band: Band, columns: number, breaks: ArrayLike<number> = []): void {
  let at = from;
  let next = 0;
  while (at < to) {
    let end = source.indexOf("\n", at);
    if (end < 0 || end > to) end = to;
    const long = end - at > columns;
    while (end - at > columns || long && at < end) {
      while (next < breaks.length && breaks[next] <= at) next++;
      const step = long && next < breaks.length && breaks[next] < end ? breaks[next] : end;
      const cut = step - at <= columns ? step : lastSpace(source, at, at + columns);
      push(at, cut);
      at = cut;
      while (at < end && source.charCodeAt(at) === 32) at++;
    }
    if (!long || at < end) push(at, end);
    at = end + 1;
  }

  function push(start: number, end: number): void {
    lines.start.push(start);
    lines.end.push(end);
    lines.band.push(band);
  }
}

/** Where a line that is too long is cut: behind its last space; without one, where it is full, but not inside of a character. */
function lastSpace(source: string, from: number, to: number): number {
  // Not lastIndexOf: in a long text without a space it would go back to the beginning for every line.
  for (let at = to; at > from; at--) if (source.charCodeAt(at) === 32) return at + 1;
  const code = source.charCodeAt(to);
  return code >= 0xdc00 && code <= 0xdfff && to - 1 > from ? to - 1 : to;
}

/** The events that begin a step for the eye: those that make a node, and those that move. */
export function stepStarts(replay: Replay, start: ArrayLike<number>): number[] {
  const starts: number[] = [];
  for (let event = 0; event < replay.events; event++) {
    const kind = replay.kind(event);
    const begins = kind === "generate" || kind === "bound" || kind === "root" || kind === "move-to" && replay.parent[replay.focus[event]] !== replay.control[event - 1];
    if (begins && start[event] > (starts.at(-1) ?? -1)) starts.push(start[event]);
  }
  return starts;
}
