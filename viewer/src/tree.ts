// The search tree as it grows, and how the reader moves it. It is drawn on a canvas: SVG is too slow for ten thousand nodes.

import { select } from "d3-selection";
import { zoom, type D3ZoomEvent, type ZoomBehavior, type ZoomTransform } from "d3-zoom";
import { Camera } from "./camera";
import { h } from "./dom";
import { Children, layout } from "./layout";
import { Painter, type Captions, type Marked } from "./painter";
import type { Replay } from "./replay";

export interface TreeOptions extends Marked {
  replay: Replay;
  onPick(node: number): void;
  /** What a small window says of a node. */
  describe(node: number): string;
}

export class TreeView {
  readonly element: HTMLElement;
  /** Called when the picture begins or ends to follow the current node. */
  onFollow: (follows: boolean) => void = () => undefined;
  private follows = true;
  private readonly below = h("canvas", { "aria-hidden": "true" });
  private readonly canvas = h("canvas", { role: "img", tabindex: 0, "data-testid": "tree-canvas" });
  private readonly tip = h("div", { class: "tip", hidden: true });
  private readonly replay: Replay;
  private readonly children: Children;
  private readonly opened = new Set<number>();
  private readonly camera: Camera;
  private readonly painter: Painter;
  private readonly zoom: ZoomBehavior<HTMLCanvasElement, unknown>;
  private position = 0;
  /** Whether the reader has moved the picture. Until then it shows the whole tree. */
  private touched = false;
  private frame = 0;

  constructor(private readonly options: TreeOptions) {
    this.replay = options.replay;
    this.children = new Children(this.replay.parent);
    this.camera = new Camera(layout(this.replay.parent, this.children));
    this.painter = new Painter(this.replay, this.camera, options, this.below, this.canvas);
    this.element = h("div", { class: "tree", "data-testid": "tree" }, this.below, this.canvas, this.tip);
    this.zoom = zoom<HTMLCanvasElement, unknown>()
      .extent(() => [[0, 0], [this.camera.width, this.camera.height]])
      .scaleExtent([0.0005, 12])
      .constrain((transform) => this.camera.constrain(transform))
      .filter((event: MouseEvent) => !event.button)
      .on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => {
        this.camera.look(event.transform);
        this.painter.forget();
        if (event.sourceEvent === null) return this.redraw();
        this.follow = false;
        this.touched = true;
        this.redraw();
      });
    select(this.canvas).call(this.zoom).on("dblclick.zoom", null);
    this.canvas.addEventListener("click", (event) => this.click(event));
    this.canvas.addEventListener("pointermove", (event) => this.hover(event));
    this.canvas.addEventListener("pointerleave", () => (this.tip.hidden = true));
    new ResizeObserver(() => this.resize()).observe(this.element);
  }

  /** Whether the picture moves so that the current node is always in it. */
  set follow(follows: boolean) {
    this.follows = follows;
    this.onFollow(follows);
  }

  /** Takes the colours of the page anew. */
  recolour(): void {
    this.painter.recolour();
    this.redraw();
  }

  /** Sets what stands beside the nodes. */
  set captions(captions: Captions) {
    this.painter.captions = captions;
    this.redraw();
  }

  /** Shows another position. */
  show(position: number): void {
    this.position = position;
    if (this.follows) this.keepInView();
    this.redraw();
  }

  /** Draws in the next frame, once. */
  redraw(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.draw());
  }

  /** Shows the whole tree. */
  fit(): void {
    this.move(this.camera.whole());
  }

  /** Makes the picture larger or smaller. */
  scaleBy(factor: number): void {
    select(this.canvas).call(this.zoom.scaleBy, factor);
  }

  /** Turns the tree: downwards, or to the right. */
  turn(): void {
    this.camera.downwards = !this.camera.downwards;
    this.fit();
  }

  /** How many nodes are hidden in collapsed subtrees. */
  get collapsed(): number {
    return this.replay.nodes - this.camera.layout.shown.length;
  }

  private move(transform: ZoomTransform): void {
    select(this.canvas).call(this.zoom.transform, this.camera.constrain(transform));
  }

  private resize(): void {
    const { width, height } = this.element.getBoundingClientRect();
    if (width === 0 || height === 0) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    const unit = Math.max(1, parseFloat(getComputedStyle(document.documentElement).fontSize) / 15);
    Object.assign(this.camera, { width, height, unit });
    for (const canvas of [this.below, this.canvas]) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    this.painter.forget();
    if (!this.touched) this.fit();
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  private keepInView(): void {
    const { camera } = this;
    const node = this.replay.at(this.position);
    if (node < 0 || camera.width === 0) return;
    const shown = camera.layout.standIn[node];
    const [x, y] = [camera.x(shown), camera.y(shown)];
    const margin = Math.min(60, camera.width / 6, camera.height / 6);
    if (x < margin || y < margin || x > camera.width - margin || y > camera.height - margin) this.move(camera.centred(node, camera.scale));
  }

  private draw(): void {
    this.frame = 0;
    if (this.camera.width > 0) this.painter.draw(this.position);
  }

  /** The node at a place of the picture; -1 for none. */
  private nodeAt(event: MouseEvent): number {
    const { left, top } = this.canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    let nearest = -1;
    let least = 14 * 14;
    for (const node of this.camera.layout.shown) {
      if (this.replay.appears[node] >= this.position) continue;
      const distance = (this.camera.x(node) - x) ** 2 + (this.camera.y(node) - y) ** 2;
      if (distance < least) [least, nearest] = [distance, node];
    }
    return nearest;
  }

  private click(event: MouseEvent): void {
    const node = this.nodeAt(event);
    if (node < 0) return;
    if (this.camera.layout.hidden[node] > 0 && !this.opened.has(node)) {
      this.opened.add(node);
      this.camera.layout = layout(this.replay.parent, this.children, this.opened);
      this.move(this.camera.centred(node, this.camera.scale));
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
    this.tip.style.left = `${Math.max(4, Math.min(x + 14, this.camera.width - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, y + 18 + this.tip.offsetHeight > this.camera.height ? y - this.tip.offsetHeight - 12 : y + 18)}px`;
  }

  /** What a screen reader says of the picture. */
  set description(words: string) {
    this.canvas.setAttribute("aria-label", words);
  }
}
