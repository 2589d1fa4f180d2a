// Traces of any size, made here: a depth-first search in a tree of so many nodes, with a line of text for each event.

import type { Kind, LookedAtRow, Text, Trace } from "../src/types";

const KINDS: Kind[] = ["visit", "generate", "open", "goal", "dead-end", "seen", "cut", "prune", "move-to", "bound", "root", "meet", "give-up", "unsolvable"];

/** A row whose trace has so many nodes. `branching` children each, depth first; the last node is the goal. */
export function largeRow(nodes: number, branching = 3): LookedAtRow {
  const trace: Trace = {
    states: [], moves: ["left", "right", "up", "down", "wait"].slice(0, branching), names: "labels", bounds: [], meetings: [], kinds: KINDS, claims: {},
    nodes: { parent: [-1], depth: [0], state: [0], move: [-1], ordinal: [0], g: [0], h: [null] },
    events: { kind: [], node: [], start: [], end: [] },
  };
  const lines: string[] = [];
  let at = 0;
  const tell = (kind: Kind, node: number, line: string) => {
    trace.events.kind.push(KINDS.indexOf(kind));
    trace.events.node.push(node);
    trace.events.start.push(at);
    trace.events.end.push(at + line.length);
    lines.push(line);
    at += line.length + 1;
  };
  const stack = [0];
  let made = 1;
  // Deep enough that the tree is not a list, shallow enough that it branches all the way.
  const deepest = Math.ceil(Math.log(nodes) / Math.log(branching)) + 2;
  while (stack.length > 0) {
    const node = stack.pop() as number;
    const depth = trace.nodes.depth[node];
    tell("visit", node, `> #${node}`);
    const children = depth >= deepest ? 0 : Math.min(branching, nodes - made);
    if (children === 0) tell(made >= nodes && stack.length === 0 ? "goal" : "dead-end", node, stack.length === 0 ? "goal" : "dead");
    for (let ordinal = 0; ordinal < children; ordinal++) {
      const child = made++;
      trace.nodes.parent.push(node);
      trace.nodes.depth.push(depth + 1);
      trace.nodes.state.push(child);
      trace.nodes.move.push(ordinal);
      trace.nodes.ordinal.push(ordinal);
      trace.nodes.g.push(depth + 1);
      trace.nodes.h.push(null);
      tell("generate", child, `#${child} ${trace.moves[ordinal]} : ${child} ${depth}`);
    }
    for (let ordinal = children - 1; ordinal >= 0; ordinal--) stack.push(made - children + ordinal);
  }
  trace.states = trace.nodes.state.map((state) => `state ${state}`);
  return textRow({ text: lines.join("\n"), trace });
}

/** A row with one text, right in all that is left out. */
export function textRow(text: Partial<Text>, row: Partial<LookedAtRow> = {}): LookedAtRow {
  const whole: Text = {
    name: "completion", prompt: "start", text: "", answer: null, trace: null, solution: null, solution_states: null, verdict: null, defects: [], wrong_spans: [],
    skip_spans: [], label: null, ...text,
  };
  return {
    row: { id: "0", outcome: "solved", nodes: whole.trace?.nodes.parent.length ?? null }, puzzle: {}, env: "own", dialect: "compact", search: "dfs", config: "search", split: "train", index: 0, texts: [whole], ...row,
  };
}
