// A trace replayed: what is known of each node at each position.
//
// Position 0 is the start, position p stands behind event p - 1, and the last position is the answer section, if there is one.

import { Children } from "./layout";
import type { Kind, Text, Trace } from "./types";

/** What has become of a node. The order is that of the legend. */
export const STATUS = ["hidden", "made", "open", "closed", "dead", "seen", "cut", "pruned", "goal"] as const;
export type Status = (typeof STATUS)[number];

const CODE = Object.fromEntries(STATUS.map((name, code) => [name, code])) as Record<Status, number>;

/** What an event makes of its node; the other kinds change nothing. */
const BECOMES: Partial<Record<Kind, number>> = {
  generate: CODE.made, open: CODE.open, visit: CODE.closed, goal: CODE.goal, "dead-end": CODE.dead, seen: CODE.seen, cut: CODE.cut,
  prune: CODE.pruned, root: CODE.open,
};

/** A move of control to a node that is not a child of the current one. */
export interface Jump {
  event: number;
  from: number;
  to: number;
}

export class Replay {
  readonly trace: Trace;
  readonly nodes: number;
  readonly events: number;
  readonly parent: Int32Array;
  /** The node that each event is about, and the node where control is behind it; -1 for none. */
  readonly focus: Int32Array;
  readonly control: Int32Array;
  /** The event that mentions a node first; -1 for the root, which is there from the start. */
  readonly appears: Int32Array;
  readonly jumps: Jump[] = [];
  /** The events where two trees meet, with the node of each. */
  readonly meetings: { event: number; nodes: [number, number] }[] = [];
  readonly deadEnds: number[] = [];
  readonly goals: number[] = [];
  readonly hasAnswer: boolean;
  /** By node: where its changes begin in `changeEvent` and `changeCode`. */
  private readonly changesOf: Int32Array;
  private readonly changeEvent: Int32Array;
  private readonly changeCode: Uint8Array;
  /** The visits of states that were not visited before. */
  private readonly visitEvent: number[] = [];
  private readonly visitState: number[] = [];
  private readonly seenStates = new Map<string, number>();

  constructor(text: Text, trace: Trace) {
    this.trace = trace;
    this.hasAnswer = text.answer !== null;
    this.nodes = trace.nodes.parent.length;
    this.events = trace.events.kind.length;
    // A parent stands before its children; a trace that says otherwise has another root.
    this.parent = Int32Array.from(trace.nodes.parent, (parent, node) => (parent !== null && parent >= 0 && parent < node ? parent : -1));
    this.focus = new Int32Array(this.events);
    this.control = new Int32Array(this.events);
    this.appears = new Int32Array(this.nodes).fill(this.events);
    if (this.nodes > 0) this.appears[0] = -1;
    const codes = this.follow();
    // A node that no event mentions appears with its first child.
    for (let node = this.nodes - 1; node > 0; node--) {
      const parent = this.parent[node];
      if (parent >= 0) this.appears[parent] = Math.min(this.appears[parent], this.appears[node]);
    }
    [this.changesOf, this.changeEvent, this.changeCode] = this.index(codes);
  }

  /** The kind of an event. */
  kind(event: number): Kind {
    return this.trace.kinds[this.trace.events.kind[event]];
  }

  /** Goes through the events once; returns what each makes of its node. */
  private follow(): Uint8Array {
    const { trace, appears } = this;
    const codes = new Uint8Array(this.events);
    const visited = new Uint8Array(trace.states.length);
    let control = -1;
    let focus = this.nodes > 0 ? 0 : -1;
    for (let event = 0; event < this.events; event++) {
      const kind = this.kind(event);
      const node = this.nodeOf(event, kind);
      if (node >= 0) {
        appears[node] = Math.min(appears[node], event);
        codes[event] = BECOMES[kind] ?? 0;
        if (kind === "move-to") {
          if (control >= 0 && this.parent[node] !== control) this.jumps.push({ event, from: focus, to: node });
          control = node;
        } else if (kind === "visit") {
          control = node;
          const state = trace.nodes.state[node];
          if (state >= 0 && visited[state] === 0) {
            visited[state] = 1;
            this.visitEvent.push(event);
            this.visitState.push(state);
          }
        }
        if (kind === "meet") this.meet(event);
        if (kind === "dead-end") this.deadEnds.push(event);
        if (kind === "goal") this.goals.push(event);
        focus = node;
      }
      this.control[event] = control;
      this.focus[event] = focus;
    }
    return codes;
  }

  /** The node of an event: of a meeting its first node, of a bound the root; -1 for none. */
  private nodeOf(event: number, kind: Kind): number {
    const node = this.trace.events.node[event];
    if (kind === "bound") return this.nodes > 0 ? 0 : -1;
    if (kind === "meet") return this.trace.meetings?.[node]?.[0] ?? -1;
    if (kind === "give-up" || kind === "unsolvable") return -1;
    return node === null || node === undefined || node < 0 || node >= this.nodes ? -1 : node;
  }

  private meet(event: number): void {
    const nodes = this.trace.meetings[this.trace.events.node[event]];
    if (nodes !== undefined && nodes.every((node) => node >= 0 && node < this.nodes)) this.meetings.push({ event, nodes });
  }

  /** The changes sorted by node, so that the status of a node at an event is a look at a few numbers. */
  private index(codes: Uint8Array): [Int32Array, Int32Array, Uint8Array] {
    const begins = new Int32Array(this.nodes + 1);
    for (let event = 0; event < this.events; event++) if (codes[event] !== 0) begins[this.focus[event] + 1]++;
    for (let node = 0; node < this.nodes; node++) begins[node + 1] += begins[node];
    const next = begins.slice();
    const events = new Int32Array(begins[this.nodes]);
    const becomes = new Uint8Array(begins[this.nodes]);
    for (let event = 0; event < this.events; event++) {
      if (codes[event] === 0) continue;
      const node = this.focus[event];
      const at = next[node]++;
      const before = at > begins[node] ? becomes[at - 1] : 0;
      events[at] = event;
      // A goal stays one, and a node that was visited is not open again.
      becomes[at] = before === CODE.goal || before === CODE.closed && codes[event] <= CODE.open ? before : codes[event];
    }
    return [begins, events, becomes];
  }

  /** The last position. */
  get last(): number {
    return this.events + (this.hasAnswer ? 1 : 0);
  }

  /** Whether a position is that of the answer section. */
  isAnswer(position: number): boolean {
    return position > this.events;
  }

  /** The node that a position is about; -1 without nodes. */
  at(position: number): number {
    if (this.nodes === 0) return -1;
    return position <= 0 || this.events === 0 ? 0 : this.focus[Math.min(position, this.events) - 1];
  }

  /** The status of a node at a position, as an index into STATUS. */
  code(node: number, position: number): number {
    if (this.appears[node] >= position) return 0;
    let code = node === 0 || this.appears[node] < position ? CODE.made : 0;
    for (let at = this.changesOf[node]; at < this.changesOf[node + 1] && this.changeEvent[at] < position; at++) code = this.changeCode[at];
    return code;
  }

  /** The jump that the event of a position is; null if it is none. */
  jump(position: number): Jump | null {
    const at = lowerBound(this.jumps, position - 1, (jump) => jump.event);
    return this.jumps[at]?.event === position - 1 ? this.jumps[at] : null;
  }

  /** Where control goes back to a node above: its child on the way that is left, whose move is undone; else -1. A search that starts again undoes nothing. */
  undone(position: number): number {
    const jump = this.jump(position);
    if (jump === null || jump.to === 0 && this.trace.events.kind.includes(this.trace.kinds.indexOf("bound"))) return -1;
    const way = this.way(jump.from);
    return way[way.indexOf(jump.to) + 1 || way.length] ?? -1;
  }

  /** The nodes from the root to a node. */
  way(node: number): number[] {
    const way: number[] = [];
    for (let at = node; at >= 0 && way.length <= this.nodes; at = this.parent[at]) way.push(at);
    return way.reverse();
  }

  /** The nodes that lead through these states, from the root as far as the tree goes. */
  through(states: readonly number[]): number[] {
    if (states.length === 0 || states[0] !== this.trace.nodes.state[0]) return [];
    const children = new Children(this.parent);
    const way = [0];
    for (const state of states.slice(1)) {
      let child = children.first[way[way.length - 1]];
      while (child >= 0 && this.trace.nodes.state[child] !== state) child = children.next[child];
      if (child < 0) break;
      way.push(child);
    }
    return way;
  }

  /** The states visited up to a position, with the order of their first visits. The same map each time: stepping changes it by a few entries. */
  seen(position: number): Map<string, number> {
    const count = lowerBound(this.visitEvent, position, (event) => event);
    for (let order = this.seenStates.size; order < count; order++) this.seenStates.set(this.trace.states[this.visitState[order]], order);
    for (let order = this.seenStates.size - 1; order >= count; order--) this.seenStates.delete(this.trace.states[this.visitState[order]]);
    return this.seenStates;
  }

  /** The state at a position, as the text claims it there. */
  state(position: number): string | null {
    const node = this.at(position);
    if (node < 0) return null;
    const claimed = position > 0 ? this.trace.claims?.[String(position - 1)]?.state : undefined;
    return this.trace.states[claimed ?? this.trace.nodes.state[node]] ?? null;
  }

  /** The move that led to a node; null for a root. */
  move(node: number): string | null {
    return node < 0 ? null : this.trace.moves[this.trace.nodes.move[node]] ?? null;
  }

  /** A node's name, as the text would say it. */
  label(node: number): string {
    const { names, nodes } = this.trace;
    if (names === "numbers" && nodes.number?.[node] !== null && nodes.number?.[node] !== undefined) return `#${nodes.number[node]}`;
    if (names === "indices") return String(node);
    if (nodes.depth[node] > 12) return `node ${node}`;
    return this.way(node).map((node) => nodes.ordinal?.[node] ?? 0).join(".");
  }

  /** The first node that two nodes have above them, or are. */
  common(one: number, other: number): number {
    const above = new Set(this.way(one));
    for (let at = other; at >= 0; at = this.parent[at]) if (above.has(at)) return at;
    return -1;
  }
}

/** The first index whose key is not less than a value, in a sorted list. */
export function lowerBound<Item>(items: ArrayLike<Item>, value: number, key: (item: Item) => number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (key(items[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
