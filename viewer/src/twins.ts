// The same puzzle twice: two texts side by side, event by event.

import { Places } from "./bytes";
import { compare, type Pair } from "./diff";
import { h } from "./dom";
import { EVENT_WORDS } from "./player";
import { Replay } from "./replay";
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
  private event = -1;

  constructor(left: Side, right: Side, private readonly onEvent: (event: number) => void) {
    const [one, other] = [left, right].map(({ text }) => (text.trace === null ? null : new Replay(text, text.trace)));
    this.element = h("section", { class: "comparison", "data-testid": "twin", "aria-label": "comparison" });
    if (one === null || other === null) {
      this.element.append(h("p", { class: "muted" }, "Only traces can be compared, and one of the two texts is none."));
      return;
    }
    this.pairs = compare(one, other);
    const words = [eventWords(left.text, one), eventWords(right.text, other)];
    this.list = new VirtualList(this.pairs.length, ITEM, (item) => this.item(this.pairs[item], words), "events of both");
    const only = (side: "left" | "right") => this.pairs.filter((pair) => pair[side === "left" ? "right" : "left"] < 0).length;
    const both = this.pairs.length - only("left") - only("right");
    const differences = this.pairs.flatMap((pair, at) => (pair.left < 0 || pair.right < 0 ? [at] : []));
    const next = h("button", { type: "button", disabled: differences.length === 0, onclick: () => this.nextDifference(differences) }, "next difference");
    this.element.append(
      h("p", {}, `${both.toLocaleString("en")} events are in both, ${only("left").toLocaleString("en")} only in ${left.name}, ${only("right").toLocaleString("en")} only in ${right.name}. `, next),
      h("div", { class: "pair heads" }, h("div", {}, h("strong", {}, left.name), " ", ...badges(left.text)), h("div", {}, h("strong", {}, right.name), " ", ...badges(right.text))),
      this.list.element);
  }

  /** Marks an event of the first text. */
  show(event: number): void {
    this.event = event;
    if (this.list === null) return;
    const at = this.pairs.findIndex((pair) => pair.left === event);
    if (at >= 0) this.list.reveal(at);
    this.list.draw();
  }

  private nextDifference(differences: number[]): void {
    const here = this.pairs.findIndex((pair) => pair.left === this.event);
    // A run of differences is one difference to the eye.
    const starts = differences.filter((at, order) => order === 0 || differences[order - 1] !== at - 1);
    const next = starts.find((at) => at > here) ?? starts[0];
    if (next === undefined || this.list === null) return;
    this.list.reveal(next);
    const event = this.pairs.slice(next).find((pair) => pair.left >= 0)?.left;
    if (event !== undefined) this.onEvent(event);
  }

  private item(pair: Pair, words: ((event: number) => string)[]): HTMLElement {
    const cell = (event: number, side: number, alone: boolean) => {
      const sign = alone ? (side === 0 ? "−" : "+") : " ";
      return event < 0 ? h("div", { class: "cell empty" }) : h("div", { class: `cell ${alone ? `only-${side === 0 ? "left" : "right"}` : ""}${side === 0 && event === this.event ? " here" : ""}` },
        h("span", { class: "gutter" }, `${sign} ${event}`), side === 0
          ? h("button", { type: "button", class: "link", onclick: () => this.onEvent(event) }, words[side](event)) : h("span", {}, words[side](event)));
    };
    return h("div", { class: "pair" }, cell(pair.left, 0, pair.right < 0), cell(pair.right, 1, pair.left < 0));
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
