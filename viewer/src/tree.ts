// The search tree as it grows, on a canvas: SVG is too slow for ten thousand nodes.

import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from "d3-zoom";
import { h } from "./dom";
import { Children, layout, type Layout } from "./layout";
import { lowerBound, STATUS, type Replay, type Status } from "./replay";
import { colour, diamond, filled, palette, shape, type Palette } from "./shapes";

/** What stands beside the nodes. */
export type Captions = "none" | "moves" | "labels" | "costs";

const MARGIN = 24; // pixels around the tree
const BREADTH = 16; // pixels of a leaf at scale 1
const NODE = 4.5; // half the size of a node at scale 1
const SMALL = 1.6; // nodes smaller than this are drawn as dots
const REACH = 40; // how far outside of the picture a node may be and still touch it
const MOST_CHANGES = 3000; // events; beyond it everything is drawn anew
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
  private readonly base = h("canvas", { "aria-hidden": "true" });
  private readonly canvas = h("canvas", { role: "img", tabindex: 0, "data-testid": "tree-canvas" });
  private readonly tip = h("div", { class: "tip", hidden: true });
  private readonly context: CanvasRenderingContext2D;
  private readonly overlay: CanvasRenderingContext2D;
  private readonly replay: Replay;
  private readonly children: Children;
  private readonly opened = new Set<number>();
  private readonly zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  private readonly buckets: number[][] = STATUS.map(() => []);
  private transform: ZoomTransform = zoomIdentity;
  /** Pixels of a leaf's breadth, across the picture and down it. */
  private scaleX = BREADTH;
  private scaleY = BREADTH;
  private layout: Layout;
  private downwards = true;
  private colours: Palette = {};
  /** How much larger than usual the page's letters are: on a large screen nodes and words are larger too. */
  private unit = 1;
  private position = 0;
  /** Whether the reader has moved the picture. Until then it shows the whole tree. */
  private touched = false;
  /** The position that the picture of edges and nodes shows; -1 if it has to be drawn anew. */
  private basePosition = -1;
  private visible: number[] = [];
  private width = 0;
  private height = 0;
  private frame = 0;

  constructor(private readonly options: TreeOptions) {
    this.replay = options.replay;
    this.children = new Children(this.replay.parent);
    this.layout = layout(this.replay.parent, this.children);
    this.downwards = this.layout.depth > this.layout.breadth * 0.7;
    this.context = drawOn(this.base);
    this.overlay = drawOn(this.canvas);
    this.element = h("div", { class: "tree", "data-testid": "tree" }, this.base, this.canvas, this.tip);
    this.zoom = zoom<HTMLCanvasElement, unknown>()
      .extent(() => [[0, 0], [this.width, this.height]])
      .scaleExtent([0.0005, 12])
      .constrain((transform) => this.constrain(transform))
      .filter((event: MouseEvent) => event.button === 0)
      .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        this.transform = event.transform;
        [this.scaleX, this.scaleY] = this.scales(event.transform.k).map((scale) => scale * BREADTH) as [number, number];
        this.basePosition = -1;
        if (event.sourceEvent !== null) [this.follow, this.touched] = [false, true];
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
    this.basePosition = -1;
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
    const [wide, high] = this.extent();
    this.move(zoomIdentity.scale(Math.min(1.6 * this.unit, this.room(this.width) / wide, this.room(this.height) / high)));
  }

  /** Makes the picture larger or smaller. */
  scaleBy(factor: number): void {
    select(this.canvas).call(this.zoom.scaleBy, factor);
  }

  /** Turns the tree: downwards, or to the right. */
  turn(): void {
    this.downwards = !this.downwards;
    this.fit();
  }

  /** How many nodes are hidden in collapsed subtrees. */
  get collapsed(): number {
    return this.replay.nodes - this.layout.shown.length;
  }

  private move(transform: ZoomTransform): void {
    select(this.canvas).call(this.zoom.transform, this.constrain(transform));
  }

  /** The size of the tree at scale 1, across the picture and down it. */
  private extent(): [number, number] {
    const [breadth, depth] = [Math.max(1, this.layout.breadth * BREADTH), Math.max(1, this.layout.depth * BREADTH)];
    return this.downwards ? [breadth, depth] : [depth, breadth];
  }

  private room(size: number): number {
    return Math.max(1, size - 2 * MARGIN);
  }

  /** The scales across and down: not less than what fills the picture. A search is broad or deep, and would be a thin line otherwise. */
  private scales(scale: number): [number, number] {
    const [wide, high] = this.extent();
    return [Math.max(scale, Math.min(this.unit * (this.downwards ? 9 : 3), this.room(this.width) / wide)), Math.max(scale, Math.min(this.unit * 2, this.room(this.height) / high))];
  }

  /** Keeps the tree in the picture. Where one side of it is to be seen as a whole, it stands in the middle. */
  private constrain(transform: ZoomTransform): ZoomTransform {
    const [wide, high] = this.extent();
    const [acrossScale, downScale] = this.scales(transform.k);
    const place = (extent: number, size: number, at: number) => (extent <= size - 2 * MARGIN + 1 ? (size - extent) / 2 : Math.max(size - MARGIN - extent, Math.min(MARGIN, at)));
    return zoomIdentity.translate(place(wide * acrossScale, this.width, transform.x), place(high * downScale, this.height, transform.y)).scale(transform.k);
  }

  private resize(): void {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    this.unit = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 15);
    [this.width, this.height] = [width, height];
    for (const canvas of [this.base, this.canvas]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.basePosition = -1;
    if (!this.touched) this.fit();
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  private x(node: number): number {
    return (this.downwards ? this.layout.across : this.layout.down)[node] * this.scaleX + this.transform.x;
  }

  private y(node: number): number {
    return (this.downwards ? this.layout.down : this.layout.across)[node] * this.scaleY + this.transform.y;
  }

  /** The view with a node in the middle. */
  private centred(node: number, scale: number): ZoomTransform {
    const shown = this.layout.standIn[node];
    const [across, down] = [this.layout.across[shown] * BREADTH, this.layout.down[shown] * BREADTH];
    const [x, y] = this.downwards ? [across, down] : [down, across];
    const [acrossScale, downScale] = this.scales(scale);
    return zoomIdentity.translate(this.width / 2 - x * acrossScale, this.height / 2 - y * downScale).scale(scale);
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
    this.drawBase();
    this.drawOverlay();
  }

  /** Edges and nodes. Where the search only went on a little, only what has changed is drawn. */
  private drawBase(): void {
    const { context, position } = this;
    const went = position - this.basePosition;
    if (went === 0) return;
    if (this.basePosition >= 0 && went > 0 && went < MOST_CHANGES) {
      const changed = new Set<number>();
      for (let event = this.basePosition; event < Math.min(position, this.replay.events); event++) {
        const node = this.replay.focus[event];
        if (node >= 0 && this.layout.standIn[node] === node && this.inView(node)) changed.add(node);
      }
      for (const node of changed) if (this.replay.appears[node] >= this.basePosition) this.visible.push(node);
      this.drawEdges([...changed].filter((node) => this.replay.appears[node] >= this.basePosition), 1);
      context.fillStyle = this.colours.background;
      const r = this.radius() + 1.5;
      for (const node of changed) {
        context.beginPath();
        context.arc(this.x(node), this.y(node), r, 0, 7);
        context.fill();
      }
      this.drawNodes(context, changed);
    } else {
      this.clear(context);
      const { visible, later } = this.sort();
      this.visible = visible;
      this.drawEdges(later, 0.35);
      this.drawEdges(visible, 1);
      this.drawNodes(context, visible);
    }
    this.basePosition = position;
  }

  /** What changes with each step: the way to the current node, jumps, marks, words. */
  private drawOverlay(): void {
    const { overlay } = this;
    this.clear(overlay);
    this.drawWay();
    this.drawJumps();
    this.drawMeetings();
    this.drawMarks();
    this.drawCurrent();
    this.drawCaptions();
  }

  private clear(context: CanvasRenderingContext2D): void {
    const ratio = this.canvas.width / this.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.lineCap = "round";
    context.lineJoin = "round";
  }

  /** The nodes in view: those that are there at the position, and those that come later. */
  private sort(): { visible: number[]; later: number[] } {
    const { replay, layout, position } = this;
    const visible: number[] = [];
    const later: number[] = [];
    for (const node of layout.shown) {
      // An edge may cross the picture between two nodes that are outside of it.
      if (!this.inView(node) && !this.crosses(node, replay.parent[node])) continue;
      (replay.appears[node] < position ? visible : later).push(node);
    }
    return { visible, later };
  }

  private inView(node: number): boolean {
    const [x, y] = [this.x(node), this.y(node)];
    return x > -REACH && y > -REACH && x < this.width + REACH && y < this.height + REACH;
  }

  private crosses(one: number, other: number): boolean {
    if (other < 0) return false;
    const [x, y, toX, toY] = [this.x(one), this.y(one), this.x(other), this.y(other)];
    return Math.max(x, toX) >= 0 && Math.min(x, toX) <= this.width && Math.max(y, toY) >= 0 && Math.min(y, toY) <= this.height;
  }

  private drawEdges(nodes: readonly number[], alpha: number): void {
    const { context, replay } = this;
    context.beginPath();
    for (const node of nodes) {
      const above = replay.parent[node];
      if (above < 0) continue;
      context.moveTo(this.x(above), this.y(above));
      context.lineTo(this.x(node), this.y(node));
    }
    context.globalAlpha = alpha;
    context.strokeStyle = this.colours.grid;
    context.lineWidth = Math.min(1.2, Math.max(0.4, this.transform.k));
    context.stroke();
    context.globalAlpha = 1;
  }

  /** The way to the current node; at the answer the way of the solution. */
  private drawWay(): void {
    const solved = this.replay.isAnswer(this.position) && this.options.solution.length > 0;
    const way = solved ? this.options.solution : this.replay.way(this.replay.at(this.position));
    const { overlay } = this;
    overlay.beginPath();
    for (let at = 1; at < way.length; at++) {
      const [above, node] = [way[at - 1], way[at]];
      if (this.layout.standIn[node] !== node) break;
      overlay.moveTo(this.x(above), this.y(above));
      overlay.lineTo(this.x(node), this.y(node));
    }
    overlay.strokeStyle = solved ? this.colours.goal : this.colours.current;
    overlay.lineWidth = solved ? 3.5 : 2.2;
    overlay.stroke();
    // The line would hide the nodes on it.
    if (way.length < 1000) this.drawNodes(overlay, way.filter((node) => this.layout.standIn[node] === node && this.inView(node)));
  }

  /** Half the size of a node. */
  private radius(): number {
    const { k } = this.transform;
    return Math.min(9 * this.unit, NODE * (k > 0.5 ? Math.max(0.8 * this.unit, k) : k));
  }

  private drawNodes(context: CanvasRenderingContext2D, nodes: Iterable<number>): void {
    const { colours, replay, position } = this;
    for (const bucket of this.buckets) bucket.length = 0;
    for (const node of nodes) this.buckets[replay.code(node, position)].push(node);
    const r = this.radius();
    this.buckets.forEach((bucket, code) => {
      if (bucket.length === 0 || code === 0) return;
      const status = STATUS[code] as Status;
      context.fillStyle = context.strokeStyle = colour(status, colours);
      if (r < SMALL && status !== "goal") {
        const size = Math.max(1, 2 * r);
        for (const node of bucket) context.fillRect(this.x(node) - size / 2, this.y(node) - size / 2, size, size);
        return;
      }
      context.beginPath();
      for (const node of bucket) shape(context, status, this.x(node), this.y(node), status === "goal" ? Math.max(r, 5) : r);
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
    const { replay, overlay, position } = this;
    const end = lowerBound(replay.jumps, position, (jump) => jump.event);
    const current = replay.jump(position);
    for (let at = Math.max(0, end - FADING_JUMPS); at < end; at++) {
      const jump = replay.jumps[at];
      const [from, to] = [this.layout.standIn[jump.from], this.layout.standIn[jump.to]];
      if (from === to || from < 0 || to < 0) continue;
      overlay.globalAlpha = jump === current ? 1 : 0.08 + 0.3 * ((at - end + FADING_JUMPS) / FADING_JUMPS);
      this.arc(this.x(from), this.y(from), this.x(to), this.y(to), jump === current);
    }
    overlay.globalAlpha = 1;
  }

  /** Where two trees have met: a line between the nodes that are the same position. */
  private drawMeetings(): void {
    const { overlay } = this;
    overlay.beginPath();
    for (const { event, nodes } of this.replay.meetings) {
      if (event >= this.position) break;
      const [one, other] = nodes.map((node) => this.layout.standIn[node]);
      overlay.moveTo(this.x(one), this.y(one));
      overlay.lineTo(this.x(other), this.y(other));
    }
    overlay.strokeStyle = this.colours.goal;
    overlay.lineWidth = 3;
    overlay.setLineDash([2, 5]);
    overlay.stroke();
    overlay.setLineDash([]);
  }

  private arc(x: number, y: number, toX: number, toY: number, strong: boolean): void {
    const { overlay } = this;
    const bend = 0.25;
    const [middleX, middleY] = [(x + toX) / 2 + (toY - y) * bend + 12, (y + toY) / 2 - (toX - x) * bend];
    overlay.beginPath();
    overlay.moveTo(x, y);
    overlay.quadraticCurveTo(middleX, middleY, toX, toY);
    overlay.setLineDash(strong ? [6, 4] : [3, 4]);
    overlay.strokeStyle = overlay.fillStyle = this.colours.jump;
    overlay.lineWidth = strong ? 2.5 : 1.2;
    overlay.stroke();
    overlay.setLineDash([]);
    if (!strong) return;
    const angle = Math.atan2(toY - middleY, toX - middleX);
    const [tipX, tipY] = [toX - 8 * Math.cos(angle), toY - 8 * Math.sin(angle)];
    overlay.beginPath();
    overlay.moveTo(tipX, tipY);
    for (const side of [-0.45, 0.45]) overlay.lineTo(tipX - 11 * Math.cos(angle + side), tipY - 11 * Math.sin(angle + side));
    overlay.closePath();
    overlay.fill();
  }

  /** Errors and planted defects, and how many nodes a collapsed subtree hides. */
  private drawMarks(): void {
    const { overlay, colours, options, layout } = this;
    const there = (node: number) => this.replay.appears[node] < this.position && layout.standIn[node] === node && this.inView(node);
    overlay.font = "bold 11px sans-serif";
    overlay.textBaseline = "middle";
    overlay.textAlign = "center";
    const marks = (nodes: ReadonlySet<number>, others: ReadonlySet<number>, shift: number, fill: string, sign: string) => {
      // A node with both has them above each other.
      for (const node of nodes) if (there(node)) this.badge(this.x(node) - 15 * this.unit, this.y(node) + (others.has(node) ? shift * this.unit : 0), fill, sign);
    };
    marks(options.defects, options.errors, -7, colours.defect, "▲");
    marks(options.errors, options.defects, 7, colours.error, "!");
    if (this.collapsed === 0 || this.transform.k < 0.3) return;
    overlay.textAlign = "left";
    overlay.fillStyle = colours.muted;
    for (const node of this.visible) {
      if (layout.hidden[node] > 0) overlay.fillText(`▸ +${layout.hidden[node].toLocaleString("en")}`, this.x(node) + 8, this.y(node));
    }
  }

  private badge(x: number, y: number, fill: string, sign: string): void {
    const { overlay: context } = this;
    context.beginPath();
    context.arc(x, y, 7 * this.unit, 0, 7);
    context.fillStyle = fill;
    context.fill();
    context.fillStyle = this.colours.background;
    context.fillText(sign, x, y + 0.5);
  }

  private drawCurrent(): void {
    const node = this.shownAt(this.position);
    if (node < 0) return;
    const { overlay: context } = this;
    context.beginPath();
    diamond(context, this.x(node), this.y(node), this.unit * Math.max(9, Math.min(16, NODE * this.transform.k * 1.9)));
    context.strokeStyle = this.colours.current;
    context.lineWidth = 2.5;
    context.stroke();
  }

  private drawCaptions(): void {
    const { overlay: context, colours } = this;
    const current = this.shownAt(this.position);
    const room = this.scaleY;
    const all = this.captions !== "none" && room >= 11;
    const size = Math.min(13 * this.unit, Math.max(10, room * 0.75));
    context.font = `${size}px sans-serif`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const node of all ? [...this.visible, ...(current >= 0 ? [current] : [])] : current >= 0 ? [current] : []) {
      const words = node === current && this.captions === "none" ? this.replay.move(node) ?? "start" : this.caption(node);
      if (words === "") continue;
      const reach = this.unit * (node === current ? 19 : 10);
      const y = this.y(node);
      // At the right edge words stand to the left of their node.
      const toLeft = this.x(node) + reach + context.measureText(words).width > this.width - 2;
      const x = this.x(node) + (toLeft ? -reach : reach);
      context.textAlign = toLeft ? "right" : "left";
      // Edges run behind the words.
      const wide = context.measureText(words).width;
      context.globalAlpha = 0.85;
      context.fillStyle = colours.background;
      context.fillRect(x - (toLeft ? wide + 2 : 2), y - 0.6 * size, wide + 4, 1.2 * size);
      context.globalAlpha = 1;
      context.fillStyle = node === current ? colours.current : colours.ink;
      context.fillText(words, x, y);
    }
  }

  private caption(node: number): string {
    const { g, h } = this.replay.trace.nodes;
    const move = this.replay.move(node) ?? "start";
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

function drawOn(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no canvas");
  return context;
}
