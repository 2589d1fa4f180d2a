// The legend of the search tree: each shape with its name, and how many nodes have it.

import { h } from "./dom";
import { STATUS, type Replay } from "./replay";
import { colour, diamond, filled, LEGEND, palette, shape } from "./shapes";

const SIZE = 32; // pixels of a sign, drawn at twice its size
const MOST_COUNTED = 3000; // counting looks at every node at each step

export class Legend {
  readonly element: HTMLElement;
  private readonly counts = new Map<string, HTMLElement>();
  private readonly signs: [string, HTMLCanvasElement][] = [];

  constructor() {
    const items = LEGEND.map(({ status, name, says }) => {
      const count = h("span", { class: "count" });
      const sign = h("canvas", { width: SIZE, height: SIZE, "aria-hidden": "true" });
      this.counts.set(status, count);
      this.signs.push([status, sign]);
      return h("li", { title: says }, sign, `${name} `, count);
    });
    items.push(h("li", { title: "control goes to a node that is not a child of the current one" }, h("span", { class: "jump-sign", "aria-hidden": "true" }, "⤺"), "backtrack"));
    this.element = h("ul", { class: "legend", "aria-label": "legend" }, ...items);
    this.paint();
  }

  /** Draws the signs in the colours of the page. */
  paint(): void {
    const colours = palette();
    for (const [status, canvas] of this.signs) {
      const context = canvas.getContext("2d");
      if (context === null) continue;
      const middle = SIZE / 2;
      context.clearRect(0, 0, SIZE, SIZE);
      context.beginPath();
      context.lineWidth = 4;
      if (status === "current") {
        diamond(context, middle, middle, 13);
        context.strokeStyle = colours.current;
        context.stroke();
        continue;
      }
      const kind = status as (typeof STATUS)[number];
      shape(context, kind, middle, middle, 11);
      context.fillStyle = context.strokeStyle = colour(kind, colours);
      if (filled(kind)) context.fill();
      else context.stroke();
    }
  }

  /** Says how many nodes have each status at a position; of large trees it says nothing. */
  count(replay: Replay, position: number): void {
    if (replay.nodes > MOST_COUNTED) return;
    const counts = new Uint32Array(STATUS.length);
    for (let node = 0; node < replay.nodes; node++) counts[replay.code(node, position)]++;
    STATUS.forEach((status, code) => {
      const element = this.counts.get(status);
      if (element === undefined) return;
      element.textContent = counts[code] > 0 ? String(counts[code]) : "";
      element.parentElement?.classList.toggle("none", counts[code] === 0);
    });
  }
}
