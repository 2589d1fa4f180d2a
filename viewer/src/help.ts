// The keys, in a window of their own.

import { h } from "./dom";

const KEYS: [string, string][] = [
  ["→ ←", "one step on, one step back"], ["Shift + → ←", "ten steps"], ["Home End", "start, end"], ["Space", "play, pause"],
  ["c", "first choice that failed"], ["d", "first dead end"], ["u", "where it was undone"], ["b", "next backtrack"], ["e", "next error"], ["g", "goal"],
  ["+ − 0", "tree: larger, smaller, whole"], ["n p", "next row, row before"], ["/", "find in the text (Enter: next)"], ["?", "this help"],
];

const WORDS: [string, string][] = [
  ["step", "one event of the trace, counted from 0 as sos check counts; several may share a line of the text"],
  ["node", "a place in the search: a state, and the moves that lead to it. It is made, perhaps opened to be looked at later, and visited"],
  ["dead end", "a node from which nothing goes on"], ["backtrack", "control goes to a node that is not a child of the current one"],
  ["cut, pruned, seen before", "nodes that are left: beyond a bound, dropped by a beam, or reached before"],
  ["dialect", "the language that traces are written in"], ["search", "the method, with its settings"],
  ["cheapest", "the least cost of any solution, proven"], ["valid", "no rule is broken in the trace"], ["solved", "the answer solves the puzzle"],
  ["tokens", "what a model reads: those of the dialect, or of a tokenizer file"],
];

/** The window with the keys, and the button that opens it. */
export function help(): { button: HTMLElement; open(): void } {
  const dialog = h("dialog", { class: "help", "aria-label": "keys and words" }, h("h2", {}, "Keys"),
    h("dl", {}, ...KEYS.flatMap(([key, says]) => [h("dt", {}, key), h("dd", {}, says)])),
    h("h2", {}, "Words"), h("dl", {}, ...WORDS.flatMap(([word, says]) => [h("dt", {}, word), h("dd", {}, says)])),
    h("p", { class: "muted" }, "A click on a line of the text goes to its place in the tree, a click on a node to its place in the text. The wheel makes the tree larger, dragging moves it."),
    h("form", { method: "dialog" }, h("button", {}, "close")));
  document.body.append(dialog);
  const open = () => { if (!dialog.open) dialog.showModal(); };
  return { button: h("button", { type: "button", title: "keys and words (?)", "aria-label": "keys and words", onclick: open }, "?"), open };
}
