// The keys, in a window of their own.

import { h } from "./dom";

const KEYS: [string, string][] = [
  ["→ ←", "one step on, one step back"], ["Shift + → ←", "ten steps"], ["Home End", "start, end"], ["Space", "play, pause"],
  ["d", "first dead end"], ["u", "where it was undone"], ["b", "next backtrack"], ["e", "next error"], ["g", "goal"],
  ["+ − 0", "tree: larger, smaller, whole"], ["n p", "next row, row before"], ["/", "find in the text (Enter: next)"], ["?", "this help"],
];

/** The window with the keys, and the button that opens it. */
export function help(): { button: HTMLElement; open(): void } {
  const dialog = h("dialog", { class: "help", "aria-label": "keys" }, h("h2", {}, "Keys"),
    h("dl", {}, ...KEYS.flatMap(([key, says]) => [h("dt", {}, key), h("dd", {}, says)])),
    h("p", { class: "muted" }, "A click on a line of the text goes to its place in the tree, a click on a node to its place in the text. The wheel makes the tree larger, dragging moves it."),
    h("form", { method: "dialog" }, h("button", {}, "close")));
  document.body.append(dialog);
  const open = () => { if (!dialog.open) dialog.showModal(); };
  return { button: h("button", { type: "button", title: "keys (?)", "aria-label": "keys", onclick: open }, "?"), open };
}
