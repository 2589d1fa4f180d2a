// The same puzzle twice: two texts side by side, event by event.

import { Places } from "./bytes";
import { compare, type Pair } from "./diff";
import { h } from "./dom";
import { EVENT_WORDS } from "./player";
import { Replay } from "./replay";
import { TreeView } from "./tree";
import type { Text } from "./types";
import { badges } from "./verdict";
import { VirtualList } from "./virtual";

const ITEM = 24;

export interface Side {
  name: string;
  text: Text;
}

/** The comparison of two texts. A click on an event of the first goes to it. */
export class Comparison {
  readonly element: HTMLElement;
  private readonly pairs: Pair[] = [];
  private readonly list: VirtualList | null = null;
  private readonly tree: TreeView | null = null;
  private event = -1;
  /** The difference that was shown last. */
  private shown = -1;

  constructor(left: Side, right: Side, private readonly onEvent: (event: number) => void) {
    const [one, other] = [left, right].map(({ text }) => (text.trace === null ? null : new Replay(text, text.trace)));
    this.element = h("section", { class: "comparison", "data-testid": "twin", "aria-label": "comparison" });
    if (one === null || other === null) {
      this.element.append(h("p", { class: "muted" }, "Only traces can be compared, and one of the two texts is none."));
      return;
    }
    this.pairs = compare(one, other);
    const nodes = (things: { step?: number | null }[]) => new Set(things.map(({ step }) => other.focus[step ?? -1] ?? -1).filter((node) => node >= 0));
    this.tree = new TreeView({
      replay: other, errors: nodes(right.text.verdict?.errors ?? []), defects: nodes(right.text.defects), solution: other.through(right.text.solution_states ?? []),
      onPick: (node) => this.pickOther(other.appears[node]), describe: (node) => other.move(node) ?? "start",
    });
    const words = [eventWords(left.text, one), eventWords(right.text, other)];
    this.list = new VirtualList(this.pairs.length, ITEM, (item) => this.item(this.pairs[item], words), "events of both");
    const count = (fits: (pair: Pair) => boolean) => this.pairs.filter(fits).length.toLocaleString("en");
    const differences = this.pairs.flatMap((pair, at) => (pair.same ? [] : [at]));
    const next = h("button", { type: "button", disabled: differences.length === 0, onclick: () => this.nextDifference(differences) }, "next difference");
    const otherwise = count((pair) => pair.left >= 0 && pair.right >= 0 && !pair.same);
    this.element.append(
      h("p", {}, `Events: ${count((pair) => pair.same)} the same in both; ${otherwise === "0" ? "" : `${otherwise} alike (the same state by another move, or the same move at another state); `}${count((pair) => pair.right < 0)} only in ${left.name}; ${count((pair) => pair.left < 0)} only in ${right.name}. `, next),
      h("div", { class: "comparison-body" }, h("div", { class: "pairs" },
        h("div", { class: "pair heads" }, h("div", {}, h("strong", {}, left.name), " ", ...badges(left.text)), h("div", {}, h("strong", {}, right.name), " ", ...badges(right.text))),
        this.list.element),
      h("div", { class: "twin-tree" }, h("h3", {}, `search tree of ${right.name}`), this.tree.element)));
  }

  /** Takes the colours of the page anew. */
  recolour(): void {
    this.tree?.recolour();
  }

  /** Marks an event of the first text. */
  show(event: number): void {
    this.event = event;
    if (this.list === null) return;
    const at = Math.max(0, this.pairs.findIndex((pair) => pair.left === event));
    this.list.reveal(at);
    this.list.draw();
    // The other tree stands where its last event before this place is.
    let other = at;
    while (other > 0 && this.pairs[other].right < 0) other--;
    this.tree?.show((this.pairs[other]?.right ?? -1) + 1);
  }

  /** Goes to an event of the second text, in the list and in its tree. */
  private pickOther(event: number): void {
    const at = this.pairs.findIndex((pair) => pair.right === event);
    if (at >= 0) this.list?.reveal(at);
    this.tree?.show(event + 1);
  }

  private nextDifference(differences: number[]): void {
    const here = this.pairs.findIndex((pair) => pair.left === this.event);
    // A run of differences is one difference to the eye.
    const starts = differences.filter((at, order) => order === 0 || differences[order - 1] !== at - 1);
    const next = starts.find((at) => at > Math.max(here, this.shown)) ?? starts[0];
    this.shown = next ?? -1;
    if (next === undefined || this.list === null) return;
    this.list.reveal(next);
    const event = this.pairs.slice(next).find((pair) => pair.left >= 0)?.left;
    if (event !== undefined) this.onEvent(event);
  }

  private item(pair: Pair, words: ((event: number) => string)[]): HTMLElement {
    const alone = pair.left < 0 || pair.right < 0;
    const left = pair.left < 0 ? h("div", { class: "cell empty" }) : h("div", { class: `cell ${alone ? "only-left" : pair.same ? "" : "other"}${pair.left === this.event ? " here" : ""}` },
      h("span", { class: "gutter" }, `${alone ? "−" : pair.same ? "" : "≠"} ${pair.left}`), h("button", { type: "button", class: "link", onclick: () => this.onEvent(pair.left) }, words[0](pair.left)));
    const right = pair.right < 0 ? h("div", { class: "cell empty" }) : h("div", { class: `cell ${alone ? "only-right" : pair.same ? "" : "other"}` },
      h("span", { class: "gutter" }, `${alone ? "+" : pair.same ? "" : "≠"} ${pair.right}`), h("button", { type: "button", class: "link", onclick: () => this.tree?.show(pair.right + 1) }, words[1](pair.right)));
    return h("div", { class: "pair" }, left, right);
  }
}

/** What an event says: its kind and its words in the text. */
function eventWords(text: Text, replay: Replay): (event: number) => string {
  const places = new Places(text.text);
  return (event) => {
    const { start, end } = replay.trace.events;
    const words = text.text.slice(places.unit(start[event]), Math.min(places.unit(end[event]), places.unit(start[event]) + 120)).replaceAll("\n", " ");
    return `${EVENT_WORDS[replay.kind(event)]}: ${words}`;
  };
}
