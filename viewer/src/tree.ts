// The search tree as it grows, on a canvas: SVG is too slow for ten thousand nodes.

import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from "d3-zoom";
import { h } from "./dom";
import { Children, layout, type Layout } from "./layout";
import { lowerBound, STATUS, type Replay, type Status } from "./replay";
import { colour, diamond, filled, palette, shape, type Palette } from "./shapes";

/** What stands beside the nodes. */
export type Captions = "none" | "moves" | "labels" | "costs";

const BREADTH = 16; // pixels of a leaf at scale 1
const NODE = 4.5; // half the size of a node at scale 1
const SMALL = 1.6; // nodes smaller than this are drawn as dots
const FADING_JUMPS = 12; // how many earlier jumps are still to be seen

export interface TreeOptions {
  replay: Replay;
  /** Nodes at which the checker found an error, and nodes with a planted defect. */
  errors: ReadonlySet<number>;
  defects: ReadonlySet<number>;
  /** The nodes of the solution. */
  solution: readonly number[];
  onPick(node: number): void;
  /** What a small window says of a node. */
  describe(node: number): string;
}

export class TreeView {
  readonly element: HTMLElement;
  captions: Captions = "none";
  /** Whether the picture moves so that the current node is always in it. */
  follow = true;
  private readonly canvas = h("canvas", { role: "img", tabindex: 0, "data-testid": "tree-canvas" });
  private readonly tip = h("div", { class: "tip", hidden: true });
  private readonly context: CanvasRenderingContext2D;
  private readonly replay: Replay;
  private readonly children: Children;
  private readonly opened = new Set<number>();
  private readonly zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  private readonly buckets: number[][] = STATUS.map(() => []);
  private transform: ZoomTransform = zoomIdentity;
  private layout: Layout;
  private downwards = true;
  private colours: Palette = {};
  private position = 0;
  private width = 0;
  private height = 0;
  private frame = 0;

  constructor(private readonly options: TreeOptions) {
    this.replay = options.replay;
    this.children = new Children(this.replay.parent);
    this.layout = layout(this.replay.parent, this.children);
    this.downwards = this.layout.depth > this.layout.breadth * 0.7;
    const context = this.canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no canvas");
    this.context = context;
    this.element = h("div", { class: "tree", "data-testid": "tree" }, this.canvas, this.tip);
    this.zoom = zoom<HTMLCanvasElement, unknown>()
      .scaleExtent([0.0005, 12])
      .filter((event: MouseEvent) => event.button === 0)
      .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        this.transform = event.transform;
        if (event.sourceEvent !== null) this.follow = false;
        this.redraw();
      });
    select(this.canvas).call(this.zoom).on("dblclick.zoom", null);
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => (this.tip.hidden = true));
    new ResizeObserver(() => this.resize()).observe(this.element);
    this.recolour();
  }

  /** Takes the colours of the page anew. */
  recolour(): void {
    this.colours = palette();
    this.redraw();
  }

  /** Shows another position. */
  show(position: number): void {
    this.position = position;
    if (this.follow) this.keepInView();
    this.redraw();
  }

  /** Draws in the next frame, once. */
  redraw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** Shows the whole tree. */
  fit(): void {
    const [breadth, depth] = [(this.layout.breadth + 2) * BREADTH, (this.layout.depth + 2) * BREADTH];
    const [wide, high] = this.downwards ? [breadth, depth] : [depth, breadth];
    const scale = Math.min(1.6, this.width / wide, this.height / high);
    const shift = zoomIdentity.translate((this.width - (wide - 2 * BREADTH) * scale) / 2, (this.height - (high - 2 * BREADTH) * scale) / 2);
    this.move(shift.scale(scale));
  }

  /** Makes the picture larger or smaller. */
  scaleBy(factor: number): void {
    select(this.canvas).call(this.zoom.scaleBy, factor);
  }

  /** Turns the tree: downwards, or to the right. */
  turn(): void {
    this.downwards = !this.downwards;
    this.begin();
  }

  /** The first view: everything, if that is readable; else the beginning. */
  begin(): void {
    this.fit();
    if (this.transform.k * NODE < 2.2) this.move(this.centred(Math.max(0, this.replay.at(this.position)), 0.7));
  }

  /** How many nodes are hidden in collapsed subtrees. */
  get collapsed(): number {
    return this.replay.nodes - this.layout.shown.length;
  }

  private move(transform: ZoomTransform): void {
    select(this.canvas).call(this.zoom.transform, transform);
  }

  private resize(): void {
    const first = this.width === 0;
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    [this.width, this.height] = [width, height];
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    if (first) this.begin();
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  private x(node: number): number {
    return (this.downwards ? this.layout.across : this.layout.down)[node] * BREADTH * this.transform.k + this.transform.x;
  }

  private y(node: number): number {
    return (this.downwards ? this.layout.down : this.layout.across)[node] * BREADTH * this.transform.k + this.transform.y;
  }

  /** The view with a node in the middle. */
  private centred(node: number, scale: number): ZoomTransform {
    const shown = this.layout.standIn[node];
    const [across, down] = [this.layout.across[shown] * BREADTH, this.layout.down[shown] * BREADTH];
    const [x, y] = this.downwards ? [across, down] : [down, across];
    return zoomIdentity.translate(this.width / 2 - x * scale, this.height / 2 - y * scale).scale(scale);
  }

  private keepInView(): void {
    const node = this.shownAt(this.position);
    if (node < 0 || this.width === 0) return;
    const [x, y] = [this.x(node), this.y(node)];
    const margin = Math.min(60, this.width / 6, this.height / 6);
    if (x < margin || y < margin || x > this.width - margin || y > this.height - margin) this.move(this.centred(node, this.transform.k));
  }

  private shownAt(position: number): number {
    const node = this.replay.at(position);
    return node < 0 ? -1 : this.layout.standIn[node];
  }

  private draw(): void {
    this.frame = 0;
    if (this.width === 0) return;
    const { context } = this;
    const ratio = this.canvas.width / this.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.lineCap = "round";
    context.lineJoin = "round";
    const visible = this.sort();
    this.drawEdges(visible);
    this.drawWay();
    this.drawNodes();
    this.drawJumps();
    this.drawMarks(visible);
    this.drawCurrent();
    this.drawCaptions(visible);
  }

  /** Puts the nodes that are there at the position, and in view, into buckets by status. */
  private sort(): number[] {
    const { replay, layout, position } = this;
    for (const bucket of this.buckets) bucket.length = 0;
    const visible: number[] = [];
    const reach = 40;
    for (const node of layout.shown) {
      if (replay.appears[node] >= position) continue;
      const [x, y] = [this.x(node), this.y(node)];
      const above = replay.parent[node];
      const outside = x < -reach || y < -reach || x > this.width + reach || y > this.height + reach;
      // An edge may cross the picture between two nodes that are outside of it.
      if (outside && (above < 0 || !this.crosses(node, above))) continue;
      visible.push(node);
      if (!outside) this.buckets[replay.code(node, position)].push(node);
    }
    return visible;
  }

  private crosses(one: number, other: number): boolean {
    const [x, y, toX, toY] = [this.x(one), this.y(one), this.x(other), this.y(other)];
    return Math.max(x, toX) >= 0 && Math.min(x, toX) <= this.width && Math.max(y, toY) >= 0 && Math.min(y, toY) <= this.height;
  }

  private drawEdges(visible: number[]): void {
    const { context, replay } = this;
    context.beginPath();
    for (const node of visible) {
      const above = replay.parent[node];
      if (above < 0 || above >= node) continue;
      context.moveTo(this.x(above), this.y(above));
      context.lineTo(this.x(node), this.y(node));
    }
    context.strokeStyle = this.colours.grid;
    context.lineWidth = Math.min(1.2, Math.max(0.4, this.transform.k));
    context.stroke();
  }

  /** The way to the current node; at the answer, and at the goal, the way of the solution. */
  private drawWay(): void {
    const solved = this.replay.isAnswer(this.position) && this.options.solution.length > 0;
    const way = solved ? this.options.solution : this.replay.way(this.replay.at(this.position));
    const { context } = this;
    context.beginPath();
    for (let at = 1; at < way.length; at++) {
      const [above, node] = [way[at - 1], way[at]];
      if (this.layout.standIn[node] !== node) break;
      context.moveTo(this.x(above), this.y(above));
      context.lineTo(this.x(node), this.y(node));
    }
    context.strokeStyle = solved ? this.colours.goal : this.colours.current;
    context.lineWidth = solved ? 3.5 : 2.2;
    context.stroke();
  }

  private drawNodes(): void {
    const { context, colours } = this;
    const r = Math.min(9, NODE * this.transform.k);
    this.buckets.forEach((bucket, code) => {
      if (bucket.length === 0) return;
      const status = STATUS[code] as Status;
      context.fillStyle = context.strokeStyle = colour(status, colours);
      if (r < SMALL && status !== "goal") {
        const size = Math.max(1, 2 * r);
        for (const node of bucket) context.fillRect(this.x(node) - size / 2, this.y(node) - size / 2, size, size);
        return;
      }
      context.beginPath();
      for (const node of bucket) shape(context, status, this.x(node), this.y(node), Math.max(r, status === "goal" ? 5 : 0));
      context.lineWidth = status === "dead" || status === "cut" ? 2 : 1.5;
      if (filled(status)) context.fill();
      else {
        if (status !== "dead" && status !== "cut") {
          context.fillStyle = colours.background;
          context.fill();
        }
        context.stroke();
      }
    });
  }

  /** The jump of this step as an arrow, and the last ones before it fading. */
  private drawJumps(): void {
    const { replay, context, position } = this;
    const end = lowerBound(replay.jumps, position, (jump) => jump.event);
    const current = replay.jump(position);
    for (let at = Math.max(0, end - FADING_JUMPS); at < end; at++) {
      const jump = replay.jumps[at];
      const [from, to] = [this.layout.standIn[jump.from], this.layout.standIn[jump.to]];
      if (from === to || from < 0 || to < 0) continue;
      context.globalAlpha = jump === current ? 1 : 0.08 + 0.3 * ((at - end + FADING_JUMPS) / FADING_JUMPS);
      this.arc(this.x(from), this.y(from), this.x(to), this.y(to), jump === current);
    }
    context.globalAlpha = 1;
  }

  private arc(x: number, y: number, toX: number, toY: number, strong: boolean): void {
    const { context } = this;
    const bend = 0.25;
    const [middleX, middleY] = [(x + toX) / 2 + (toY - y) * bend + 12, (y + toY) / 2 - (toX - x) * bend];
    context.beginPath();
    context.moveTo(x, y);
    context.quadraticCurveTo(middleX, middleY, toX, toY);
    context.setLineDash(strong ? [6, 4] : [3, 4]);
    context.strokeStyle = context.fillStyle = this.colours.jump;
    context.lineWidth = strong ? 2.5 : 1.2;
    context.stroke();
    context.setLineDash([]);
    if (!strong) return;
    const angle = Math.atan2(toY - middleY, toX - middleX);
    const [tipX, tipY] = [toX - 8 * Math.cos(angle), toY - 8 * Math.sin(angle)];
    context.beginPath();
    context.moveTo(tipX, tipY);
    for (const side of [-0.45, 0.45]) context.lineTo(tipX - 11 * Math.cos(angle + side), tipY - 11 * Math.sin(angle + side));
    context.closePath();
    context.fill();
  }

  /** Errors and planted defects, and how many nodes a collapsed subtree hides. */
  private drawMarks(visible: number[]): void {
    const { context, colours, options } = this;
    const marked = options.errors.size + options.defects.size > 0;
    context.font = "bold 11px sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (!marked && this.collapsed === 0) return;
    for (const node of visible) {
      const [x, y] = [this.x(node), this.y(node)];
      if (options.defects.has(node)) this.badge(x - 9, y - 9, colours.defect, "▲");
      if (options.errors.has(node)) this.badge(x + 9, y - 9, colours.error, "!");
      if (this.layout.hidden[node] > 0 && this.transform.k > 0.2) {
        context.fillStyle = colours.muted;
        context.textAlign = "left";
        context.fillText(`▸ +${this.layout.hidden[node].toLocaleString("en")}`, x + 8, y);
        context.textAlign = "center";
      }
    }
  }

  private badge(x: number, y: number, fill: string, sign: string): void {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, 7, 0, 7);
    context.fillStyle = fill;
    context.fill();
    context.fillStyle = this.colours.background;
    context.fillText(sign, x, y + 0.5);
  }

  private drawCurrent(): void {
    const node = this.shownAt(this.position);
    if (node < 0) return;
    const { context } = this;
    context.beginPath();
    diamond(context, this.x(node), this.y(node), Math.max(9, Math.min(16, NODE * this.transform.k * 1.9)));
    context.strokeStyle = this.colours.current;
    context.lineWidth = 2.5;
    context.stroke();
  }

  private drawCaptions(visible: number[]): void {
    const { context, colours } = this;
    const current = this.shownAt(this.position);
    const room = BREADTH * this.transform.k * (this.downwards ? 1 : 1);
    const all = this.captions !== "none" && room >= 11;
    context.font = `${Math.min(13, Math.max(10, room * 0.75))}px sans-serif`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.lineWidth = 3;
    for (const node of all ? visible : current >= 0 ? [current] : []) {
      const words = node === current && this.captions === "none" ? this.replay.move(node) ?? "start" : this.caption(node);
      if (words === "") continue;
      const [x, y] = [this.x(node) + (node === current ? 19 : 10), this.y(node)];
      context.strokeStyle = colours.background;
      context.strokeText(words, x, y);
      context.fillStyle = node === current ? colours.current : colours.ink;
      context.fillText(words, x, y);
    }
  }

  private caption(node: number): string {
    const { g, h } = this.replay.trace.nodes;
    const { move } = { move: this.replay.move(node) ?? "start" };
    if (this.captions === "moves") return move.length > 40 ? `${move.slice(0, 39)}…` : move;
    if (this.captions === "labels") return this.replay.label(node);
    return [g?.[node] === null || g?.[node] === undefined ? "" : `g ${g[node]}`, h?.[node] === null || h?.[node] === undefined ? "" : `h ${h[node]}`].filter(Boolean).join(" · ");
  }

  /** The node at a place of the picture; -1 for none. */
  private nodeAt(event: MouseEvent): number {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    let nearest = -1;
    let least = 14 * 14;
    for (const node of this.layout.shown) {
      if (this.replay.appears[node] >= this.position) continue;
      const distance = (this.x(node) - x) ** 2 + (this.y(node) - y) ** 2;
      if (distance < least) [least, nearest] = [distance, node];
    }
    return nearest;
  }

  private click(event: MouseEvent): void {
    const node = this.nodeAt(event);
    if (node < 0) return;
    if (this.layout.hidden[node] > 0 && !this.opened.has(node)) {
      this.opened.add(node);
      this.layout = layout(this.replay.parent, this.children, this.opened);
      this.move(this.centred(node, this.transform.k));
    }
    this.options.onPick(node);
  }

  private hover(event: PointerEvent): void {
    const node = event.buttons === 0 ? this.nodeAt(event) : -1;
    this.canvas.style.cursor = node >= 0 ? "pointer" : "grab";
    this.tip.hidden = node < 0;
    if (node < 0) return;
    this.tip.textContent = this.options.describe(node);
    const { left, top } = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    this.tip.style.left = `${Math.max(4, Math.min(x + 14, this.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, y + 18 + this.tip.offsetHeight > this.height ? y - this.tip.offsetHeight - 12 : y + 18)}px`;
  }

  /** What a screen reader says of the picture. */
  set description(words: string) {
    this.canvas.setAttribute("aria-label", words);
  }
}
