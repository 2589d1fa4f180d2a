// Draws the search tree on two canvases: edges and nodes below, which change little from step to step, and above them what changes with each step.

import { NODE, type Camera } from "./camera";
import { lowerBound, STATUS, type Replay, type Status } from "./replay";
import { colour, diamond, filled, palette, shape, type Palette } from "./shapes";

/** What stands beside the nodes. */
export type Captions = "none" | "moves" | "labels" | "costs";

const SMALL = 1.6; // nodes smaller than this are drawn as dots
const MOST_CHANGES = 3000; // events; beyond it everything is drawn anew
const MOST_FORKS = 40;
const FADING_JUMPS = 12; // how many earlier jumps are still to be seen

/** Nodes that are marked. */
export interface Marked {
  /** Nodes at which the checker found an error, and nodes with a planted defect. */
  errors: ReadonlySet<number>;
  defects: ReadonlySet<number>;
  /** The nodes of the solution. */
  solution: readonly number[];
}

export class Painter {
  captions: Captions = "none";
  private readonly context: CanvasRenderingContext2D;
  private readonly overlay: CanvasRenderingContext2D;
  private readonly buckets: number[][] = STATUS.map(() => []);
  private colours: Palette = {};
  private position = 0;
  /** The position that the lower picture shows; -1 if it has to be drawn anew. */
  private basePosition = -1;
  private visible: number[] = [];
  /** The children of nodes that have several, unless there are many: what was chosen among. */
  private readonly forks: readonly number[];

  constructor(private readonly replay: Replay, private readonly camera: Camera, private readonly marked: Marked, below: HTMLCanvasElement, above: HTMLCanvasElement) {
    this.context = drawOn(below);
    this.overlay = drawOn(above);
    this.forks = forksOf(replay.parent);
    this.recolour();
  }

  /** Takes the colours of the page anew. */
  recolour(): void {
    this.colours = palette();
    this.forget();
  }

  /** Has everything drawn anew: the nodes stand elsewhere. */
  forget(): void {
    this.basePosition = -1;
  }

  /** Draws a position. */
  draw(position: number): void {
    this.position = position;
    this.drawBase();
    this.drawOverlay();
  }

  /** The node that the position is about, or the one that is shown for it. */
  private current(): number {
    const node = this.replay.at(this.position);
    return node < 0 ? -1 : this.camera.layout.standIn[node];
  }

  /** Edges and nodes. Where the search only went on a little, only what has changed is drawn. */
  private drawBase(): void {
    const { context, position, camera } = this;
    const went = position - this.basePosition;
    if (went === 0) return;
    if (this.basePosition >= 0 && went > 0 && went < MOST_CHANGES) {
      const changed = new Set<number>();
      for (let event = this.basePosition; event < Math.min(position, this.replay.events); event++) {
        const node = this.replay.focus[event];
        if (node >= 0 && camera.layout.standIn[node] === node && camera.inView(node)) changed.add(node);
      }
      for (const node of changed) if (this.replay.appears[node] >= this.basePosition) this.visible.push(node);
      this.drawEdges([...changed].filter((node) => this.replay.appears[node] >= this.basePosition), 1);
      context.fillStyle = this.colours.background;
      const r = camera.radius() + 1.5;
      for (const node of changed) {
        context.beginPath();
        context.arc(camera.x(node), camera.y(node), r, 0, 7);
        context.fill();
      }
      this.drawNodes(context, changed);
    } else {
      this.clear(context);
      const { visible, later } = this.sort();
      this.visible = visible;
      this.drawEdges(later, 0.7);
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
    this.drawCaptions();
    this.drawMarks();
    this.drawCurrent();
  }

  private clear(context: CanvasRenderingContext2D): void {
    const { camera } = this;
    const ratio = context.canvas.width / camera.width;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, camera.width, camera.height);
    context.lineCap = "round";
    context.lineJoin = "round";
  }

  /** The nodes in view: those that are there at the position, and those that come later. */
  private sort(): { visible: number[]; later: number[] } {
    const { replay, camera, position } = this;
    const visible: number[] = [];
    const later: number[] = [];
    for (const node of camera.layout.shown) {
      // An edge may cross the picture between two nodes that are outside of it.
      if (!camera.inView(node) && !camera.crosses(node, replay.parent[node])) continue;
      (replay.appears[node] < position ? visible : later).push(node);
    }
    return { visible, later };
  }

  private drawEdges(nodes: readonly number[], alpha: number): void {
    const { context, replay, camera } = this;
    context.beginPath();
    for (const node of nodes) {
      const above = replay.parent[node];
      if (above < 0) continue;
      context.moveTo(camera.x(above), camera.y(above));
      context.lineTo(camera.x(node), camera.y(node));
    }
    context.globalAlpha = alpha;
    context.strokeStyle = this.colours.grid;
    context.lineWidth = Math.min(1.2, Math.max(0.4, camera.scale));
    context.stroke();
    context.globalAlpha = 1;
  }

  /** The way to the current node; at the answer the way of the solution. */
  private drawWay(): void {
    const solved = this.replay.isAnswer(this.position) && this.marked.solution.length > 0;
    const way = solved ? this.marked.solution : this.replay.way(this.replay.at(this.position));
    const { overlay, camera } = this;
    overlay.beginPath();
    for (let at = 1; at < way.length; at++) {
      const [above, node] = [way[at - 1], way[at]];
      if (camera.layout.standIn[node] !== node) break;
      overlay.moveTo(camera.x(above), camera.y(above));
      overlay.lineTo(camera.x(node), camera.y(node));
    }
    overlay.strokeStyle = solved ? this.colours.goal : this.colours.current;
    overlay.lineWidth = solved ? 3.5 : 2.2;
    overlay.stroke();
    // The line would hide the nodes on it.
    if (way.length < 1000) this.drawNodes(overlay, way.filter((node) => camera.layout.standIn[node] === node && camera.inView(node)));
  }

  private drawNodes(context: CanvasRenderingContext2D, nodes: Iterable<number>): void {
    const { colours, replay, position, camera } = this;
    for (const bucket of this.buckets) bucket.length = 0;
    for (const node of nodes) this.buckets[replay.code(node, position)].push(node);
    const r = camera.radius();
    this.buckets.forEach((bucket, code) => {
      if (bucket.length === 0 || code === 0) return;
      const status = STATUS[code] as Status;
      context.fillStyle = context.strokeStyle = colour(status, colours);
      if (r < SMALL && status !== "goal") {
        const size = Math.max(1, 2 * r);
        for (const node of bucket) context.fillRect(camera.x(node) - size / 2, camera.y(node) - size / 2, size, size);
        return;
      }
      context.beginPath();
      for (const node of bucket) shape(context, status, camera.x(node), camera.y(node), status === "goal" ? Math.max(r, 5) : r);
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
    const { replay, overlay, position, camera } = this;
    const end = lowerBound(replay.jumps, position, (jump) => jump.event);
    const current = replay.jump(position);
    for (let at = Math.max(0, end - FADING_JUMPS); at < end; at++) {
      const jump = replay.jumps[at];
      const [from, to] = [camera.layout.standIn[jump.from], camera.layout.standIn[jump.to]];
      if (from === to || from < 0 || to < 0) continue;
      overlay.globalAlpha = jump === current ? 1 : 0.08 + 0.3 * ((at - end + FADING_JUMPS) / FADING_JUMPS);
      this.arc(camera.x(from), camera.y(from), camera.x(to), camera.y(to), jump === current);
    }
    overlay.globalAlpha = 1;
  }

  /** Where two trees have met: a line between the nodes that are the same position. */
  private drawMeetings(): void {
    const { overlay, camera } = this;
    overlay.beginPath();
    for (const { event, nodes } of this.replay.meetings) {
      if (event >= this.position) break;
      const [one, other] = nodes.map((node) => camera.layout.standIn[node]);
      overlay.moveTo(camera.x(one), camera.y(one));
      overlay.lineTo(camera.x(other), camera.y(other));
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
    const { overlay, colours, marked, camera } = this;
    const { layout } = camera;
    const there = (node: number) => this.replay.appears[node] < this.position && layout.standIn[node] === node && camera.inView(node);
    overlay.font = "bold 11px sans-serif";
    overlay.textBaseline = "middle";
    overlay.textAlign = "center";
    const marks = (nodes: ReadonlySet<number>, others: ReadonlySet<number>, shift: number, fill: string, sign: string) => {
      // A node with both has them above each other.
      for (const node of nodes) if (there(node)) this.badge(camera.x(node) - 15 * camera.unit, camera.y(node) + (others.has(node) ? shift * camera.unit : 0), fill, sign);
    };
    marks(marked.defects, marked.errors, -7, colours.defect, "▲");
    marks(marked.errors, marked.defects, 7, colours.error, "!");
    if (layout.shown.length === this.replay.nodes || camera.scale < 0.3) return;
    overlay.textAlign = "left";
    overlay.fillStyle = colours.muted;
    for (const node of this.visible) {
      if (layout.hidden[node] > 0) overlay.fillText(`▸ +${layout.hidden[node].toLocaleString("en")}`, camera.x(node) + 8, camera.y(node));
    }
  }

  private badge(x: number, y: number, fill: string, sign: string): void {
    const { overlay: context, camera } = this;
    context.beginPath();
    context.arc(x, y, 7 * camera.unit, 0, 7);
    context.fillStyle = fill;
    context.fill();
    context.fillStyle = this.colours.background;
    context.fillText(sign, x, y + 0.5);
  }

  private drawCurrent(): void {
    const node = this.current();
    if (node < 0) return;
    const { overlay: context, camera } = this;
    context.beginPath();
    diamond(context, camera.x(node), camera.y(node), camera.unit * Math.max(9, Math.min(16, NODE * camera.scale * 1.9)));
    context.strokeStyle = this.colours.current;
    context.lineWidth = 2.5;
    context.stroke();
  }

  private drawCaptions(): void {
    const { overlay: context, colours, camera } = this;
    const current = this.current();
    const room = camera.scaleY;
    const all = this.captions !== "none" && room >= 11;
    const size = Math.min(13 * camera.unit, Math.max(10, room * 0.75));
    context.font = `${size}px sans-serif`;
    context.textAlign = "left";
    context.textBaseline = "middle";
    // First the current node, then the way to it: where words would cover each other, the later ones are left out.
    const taken = new Map<number, [number, number, number][]>();
    const forks = this.captions === "none" ? [] : this.forks.filter((node) => this.replay.appears[node] < this.position && camera.layout.standIn[node] === node);
    const nodes = new Set(all ? [current, ...forks, ...this.replay.way(current).reverse().slice(0, 500), ...this.visible] : [current, ...forks]);
    for (const node of nodes) {
      if (node < 0 || !camera.inView(node)) continue;
      const words = node === current && this.captions === "none" ? this.replay.move(node) ?? "start" : this.caption(node);
      if (words === "") continue;
      const reach = camera.unit * (node === current ? 19 : 10);
      const y = camera.y(node);
      const wide = context.measureText(words).width;
      // At the right edge words stand to the left of their node.
      const toLeft = camera.x(node) + reach + wide > camera.width - 2;
      const left = toLeft ? camera.x(node) - reach - wide : camera.x(node) + reach;
      if (!take(taken, size, y, left - 2, left + wide + 2)) continue;
      // Edges run behind the words.
      context.globalAlpha = 0.85;
      context.fillStyle = colours.background;
      context.fillRect(left - 2, y - 0.6 * size, wide + 4, 1.2 * size);
      context.globalAlpha = 1;
      context.fillStyle = node === current ? colours.current : colours.ink;
      context.fillText(words, left, y);
    }
  }

  private caption(node: number): string {
    const { g, h } = this.replay.trace.nodes;
    const move = this.replay.move(node) ?? "start";
    if (this.captions === "moves") return move.length > 40 ? `${move.slice(0, 39)}…` : move;
    if (this.captions === "labels") return this.replay.label(node);
    return [g?.[node] === null || g?.[node] === undefined ? "" : `g ${g[node]}`, h?.[node] === null || h?.[node] === undefined ? "" : `h ${h[node]}`].filter(Boolean).join(" · ");
  }
}

/** The children of nodes with several children; none where there are more than a picture has room for. */
function forksOf(parent: Int32Array): number[] {
  const children = new Int32Array(parent.length);
  for (const above of parent) if (above >= 0) children[above]++;
  const found: number[] = [];
  for (let node = 0; node < parent.length && found.length <= MOST_FORKS; node++) if (parent[node] >= 0 && children[parent[node]] > 1) found.push(node);
  return found.length <= MOST_FORKS ? found : [];
}

/** Takes a place for words of a size; says whether it was free. The places are kept by lines of that size. */
function take(taken: Map<number, [number, number, number][]>, size: number, y: number, left: number, right: number): boolean {
  const line = Math.round(y / size);
  for (const near of [line - 1, line, line + 1]) {
    if (taken.get(near)?.some(([from, to, other]) => from < right && to > left && Math.abs(y - other) < 0.95 * size)) return false;
  }
  taken.set(line, [...(taken.get(line) ?? []), [left, right, y]]);
  return true;
}

function drawOn(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser has no canvas");
  return context;
}
