// One text seen: the drawing, the tree, the words, the verdict, and the bar that moves through them.

import { fill, h } from "./dom";
import { draw, DRAWINGS } from "./drawings";
import { Eased } from "./eased";
import { stepLabels } from "./labels";
import { landmarks } from "./landmarks";
import { Legend } from "./legend";
import type { Captions } from "./painter";
import { EVENT_WORDS, Player } from "./player";
import { Replay, STATUS } from "./replay";
import { statusName } from "./shapes";
import { story } from "./story";
import { TextPane } from "./textpane";
import { TreeView } from "./tree";
import type { About, LookedAtRow, Text } from "./types";
import { badges, errorList } from "./verdict";

const MOST_STATE = 80; // characters

export interface ViewOptions {
  row: LookedAtRow;
  text: Text;
  about: About;
  /** Texts of the row that tell no trace: what stands about this text. */
  notes: Text[];
  /** The event to begin at; null for the start. */
  step: number | null;
  /** Another event is shown. */
  onStep(step: number | null): void;
}

export class TextView {
  readonly element = h("div", { class: "view" });
  readonly replay: Replay | null;
  readonly player: Player | null = null;
  readonly words: TextPane;
  private readonly tree: TreeView | null = null;
  private readonly drawing = h("div", { class: "drawing-box", "data-testid": "drawing" });
  private readonly facts = h("dl", { class: "facts" });
  private readonly legend = new Legend();
  private readonly solution: string[] | null;
  /** What the row says about single events. */
  private readonly labels: Map<number, string>;
  /** The puzzle and the facts: while it plays as often as the eye can read, and for a tenth of the time at most. */
  private readonly drawn = new Eased<number>((position) => this.drawState(position), (took) => (this.player?.isPlaying === true ? Math.max(70, took * 10) : took * 3));
  /** The words: a slider that is drawn across a long trace turns many pages a second, which nobody reads. */
  private readonly worded = new Eased<number>((position) => this.words.show(position - 1), (took) => (this.player?.isHurried === true ? took * 5 : 0));

  constructor(private readonly options: ViewOptions) {
    const { text, about } = options;
    const trace = text.trace;
    this.replay = trace === null || trace.events.kind.length === 0 ? null : new Replay(text, trace);
    this.solution = trace && text.solution_states ? text.solution_states.map((state) => trace.states[state] ?? "") : null;
    this.words = new TextPane({ text, replay: this.replay, onEvent: (event) => this.player?.goEvent(event) });
    this.labels = new Map(stepLabels(text).flatMap((label) => (label.event === undefined ? [] : [[label.event, label.says] as const])));
    const errors = errorList(text, about, {
      toStep: (step) => this.player?.goEvent(step),
      toSpan: (span) => this.words.showSpan(span),
    });
    const title = h("div", { class: "text-head" }, h("h3", {}, text.name), this.tokens(), this.search());
    const reading = h("section", { class: "pane reading", "aria-label": "text" }, title, this.words.element, ...options.notes.map((note) => this.note(note)));
    if (this.replay === null) {
      this.drawStart();
      fill(this.element, h("div", { class: "verdict-line" }, ...badges(text)), h("div", { class: "panes without-tree" },
        h("section", { class: "pane puzzle", "aria-label": "puzzle" }, this.drawing, errors), reading));
      return;
    }
    const marks = landmarks(text, this.replay);
    this.player = new Player({ replay: this.replay, landmarks: marks, onMove: (position) => this.show(position), onJump: () => { if (this.tree !== null) this.tree.follow = true; } });
    this.tree = new TreeView({
      replay: this.replay,
      errors: this.nodesOf(marks.errors),
      defects: this.nodesOf(marks.defects),
      solution: this.replay.through(text.solution_states ?? []),
      onPick: (node) => this.pick(node),
      describe: (node) => this.describe(node),
    });
    fill(this.element,
      h("div", { class: "verdict-line" }, ...badges(text), story(text, this.replay, marks, (event) => this.player?.goEvent(event))),
      h("div", { class: "panes" },
        h("section", { class: "pane puzzle", "aria-label": "puzzle" }, this.drawing, this.facts, errors),
        h("section", { class: "pane search", "aria-label": "search tree" }, this.treeBar(), this.tree.element, this.legend.element),
        reading),
      this.player.element);
    this.player.go(options.step === null ? 0 : options.step + 1);
  }

  /** Takes the colours of the page anew. */
  recolour(): void {
    this.tree?.recolour();
    this.player?.recolour();
    this.legend.paint();
  }

  /** Ends what runs by itself. */
  stop(): void {
    this.player?.pause();
    this.drawn.stop();
    this.worded.stop();
  }

  /** Does what a key stands for; says whether it stands for something. */
  key(event: KeyboardEvent): boolean {
    if (this.tree !== null) {
      switch (event.key) {
        case "+": case "=": this.tree.scaleBy(1.4); return true;
        case "-": this.tree.scaleBy(1 / 1.4); return true;
        case "0": this.tree.fit(); return true;
      }
    }
    return this.player?.key(event) ?? false;
  }

  private show(position: number): void {
    const { replay } = this;
    if (replay === null) return;
    this.tree?.show(position);
    this.drawn.do(position);
    // Last what scrolls: a scroll lays out all that has changed, and what changes behind it would be laid out once more.
    this.worded.do(position);
    this.options.onStep(position === 0 ? null : position - 1);
  }

  private drawState(position: number): void {
    const { replay, options } = this;
    if (replay === null) return;
    this.showFacts(position);
    const node = replay.at(position);
    const way = replay.way(node);
    const { states, nodes } = replay.trace;
    const isAnswer = replay.isAnswer(position) && this.solution !== null && this.solution.length > 0;
    const state = isAnswer ? this.solution?.at(-1) ?? null : replay.state(position);
    const path = isAnswer && this.solution !== null ? this.solution : way.map((at) => states[nodes.state[at]] ?? "");
    const moves = isAnswer && options.text.solution !== null ? options.text.solution.map((move) => replay.trace.moves[move] ?? "")
      : way.slice(1).map((at) => replay.move(at) ?? "");
    const undone = isAnswer ? null : replay.move(replay.undone(position));
    fill(this.drawing, draw(options.row.env, {
      puzzle: options.row.puzzle, state, path, moves, seen: replay.seen(position), move: undone === null ? moves.at(-1) ?? null : null, undone, solution: isAnswer ? this.solution : null,
    }));
  }

  /** The puzzle alone, where there is no trace. */
  private drawStart(): void {
    const { row } = this.options;
    fill(this.drawing, draw(row.env, { puzzle: row.puzzle, state: row.start ?? null, path: [], moves: [], seen: new Map(), move: null, solution: this.solution }));
  }

  private showFacts(position: number): void {
    const { replay } = this;
    if (replay === null) return;
    const node = replay.at(position);
    const event = position - 1;
    const { g, h: estimate, depth } = replay.trace.nodes;
    const isAnswer = replay.isAnswer(position);
    const undone = isAnswer ? -1 : replay.undone(position);
    const left = undone < 0 ? 0 : depth[replay.jump(position)?.from ?? undone] - depth[undone] + 1;
    const pairs: [string, string | null | undefined][] = isAnswer ? [["step", "answer"], ["state", this.solution?.at(-1)]] : [
      ["step", position === 0 ? "start" : undone >= 0 ? `goes back to a node above, ${left === 1 ? "one move" : `${left} moves`} undone` : EVENT_WORDS[replay.kind(event)]],
      ["undone", replay.move(undone)],
      [undone >= 0 ? "back at" : "move", replay.move(node)], ["node", node < 0 ? null : `${replay.label(node)}, depth ${depth[node]}`],
      ["cost", this.number(g?.[node])], ["estimate", this.number(estimate?.[node])],
      ["goals below", this.leaves(node)], ["criteria", this.labels.get(event)], ["state", this.shownState(position)],
    ];
    const claim = replay.trace.claims?.[String(event)];
    if (claim !== undefined) pairs.push(["claims", this.claimed(claim)]);
    fill(this.facts, ...pairs.flatMap(([name, value]) => value === null || value === undefined || value === "" ? [] : [h("dt", {}, name), h("dd", {}, value.slice(0, 400))]));
    const said = pairs.slice(0, 3).map(([name, value]) => (value ? `${name}: ${value}` : "")).filter(Boolean).join(", ");
    if (this.tree !== null) this.tree.description = `Search tree. ${said}`;
    this.legend.count(replay, position);
  }

  /** The state as text, unless it is a long one that the drawing shows. */
  private shownState(position: number): string | null {
    const state = this.replay?.state(position) ?? null;
    return state !== null && state.length > MOST_STATE && Object.hasOwn(DRAWINGS, this.options.row.env) ? null : state;
  }

  /** Rows of the kind `tree` say of each node how many of a hundred leaves below it are goals. */
  private leaves(node: number): string | null {
    const { values } = this.options.row.row;
    const value: unknown = Array.isArray(values) && values.length === this.replay?.nodes ? values[node] : null;
    return typeof value === "number" ? `${value} of 100 leaves` : null;
  }

  private claimed(claim: Record<string, unknown>): string {
    const trace = this.options.text.trace;
    const words = Object.entries(claim).filter(([, value]) => value !== null && value !== undefined && value !== false).map(([field, value]) => {
      if (field === "state" && typeof value === "number") return `state ${trace?.states[value] ?? value}`;
      if (field === "move" && typeof value === "number") return `move ${trace?.moves[value] ?? value}`;
      return value === true ? field.replaceAll("_", " ") : `${field} ${JSON.stringify(value)}`;
    });
    return `otherwise than its node: ${words.join(", ")}`;
  }

  private number(value: number | null | undefined): string | null {
    return value === null || value === undefined ? null : String(value);
  }

  private describe(node: number): string {
    const { replay } = this;
    if (replay === null) return "";
    const position = this.player === null ? 0 : replay.last;
    const { g, h: estimate, depth, state } = replay.trace.nodes;
    const costs = [g?.[node] === null || g?.[node] === undefined ? "" : `cost ${g[node]}`, estimate?.[node] === null || estimate?.[node] === undefined ? "" : `estimate ${estimate[node]}`].filter(Boolean).join(", ");
    return [replay.move(node) ?? "start", `${replay.label(node)}, depth ${depth[node]}, ${statusName(STATUS[replay.code(node, position + 1)])} in the end`, costs,
      (replay.trace.states[state[node]] ?? "").slice(0, 120)].filter(Boolean).join("\n");
  }

  /** A click on a node goes to the step that made it; a second one to the next step about it. */
  private pick(node: number): void {
    const { replay, player } = this;
    if (replay === null || player === null) return;
    player.goEvent(Math.max(-1, replay.appears[node]));
  }

  private nodesOf(events: readonly number[]): Set<number> {
    return new Set(events.map((event) => this.replay?.focus[event] ?? -1).filter((node) => node >= 0));
  }

  private treeBar(): HTMLElement {
    const { tree } = this;
    const captions = h("select", { "aria-label": "beside the nodes", onchange: () => {
      if (tree !== null) tree.captions = captions.value as Captions;
    } }, ...[["none", "no words"], ["moves", "moves"], ["labels", "labels"], ["costs", "costs and estimates"]].map(([value, name]) => h("option", { value }, name)));
    const button = (name: string, title: string, run: () => void) => h("button", { type: "button", title, "aria-label": title, onclick: run }, name);
    const follow = h("button", { type: "button", title: "keep the current node in view", "aria-pressed": "true", onclick: () => {
      if (tree === null) return;
      tree.follow = true;
      tree.show(this.position());
    } }, "follow");
    if (tree !== null) tree.onFollow = (follows) => follow.setAttribute("aria-pressed", String(follows));
    if (this.replay !== null && this.replay.nodes <= 300 && tree !== null) tree.captions = captions.value = "moves";
    return h("div", { class: "tree-bar" }, h("h3", {}, "search tree"), captions, button("⤢", "whole tree (0)", () => tree?.fit()), button("+", "larger (+)", () => tree?.scaleBy(1.4)),
      button("−", "smaller (-)", () => tree?.scaleBy(1 / 1.4)), button("⟳", "turn the tree", () => tree?.turn()), follow,
      tree !== null && tree.collapsed > 0 ? h("span", { class: "muted" }, `${tree.collapsed.toLocaleString("en")} nodes are collapsed; a click opens them`) : null);
  }

  private position(): number {
    return this.player === null ? 0 : Number(this.player.element.querySelector("input")?.value ?? 0);
  }

  /** How many tokens the text has, and in whose words that is counted. */
  private tokens(): HTMLElement | null {
    const { text: { tokens }, about: { tokenizer }, row: { dialect } } = this.options;
    if (tokens === undefined) return null;
    const counted = tokenizer ? `tokens of ${tokenizer}` : ["compact", "sudoku"].includes(dialect) ? "tokens of the dialect" : "an estimate: a word, up to three digits, a sign and a line break are a token each";
    const parts = [tokens.prompt > 0 ? `prompt ${tokens.prompt.toLocaleString("en")}` : "", `text ${tokens.text.toLocaleString("en")}`,
      tokens.answer === null ? "" : `the answer in it ${tokens.answer.toLocaleString("en")}`].filter(Boolean).join(", ");
    return h("span", { class: "muted", title: `${parts} (${counted})`, "data-testid": "tokens" }, `${tokens.prompt > 0 ? `${tokens.prompt.toLocaleString("en")} + ` : ""}${tokens.text.toLocaleString("en")} tokens`);
  }

  /** The field that looks for words in the text. */
  private search(): HTMLElement {
    const field = h("input", { type: "search", placeholder: "find in text", "aria-label": "find in text", "data-testid": "search", class: "find" });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      field.classList.toggle("nothing", !this.words.find(field.value, event.shiftKey) && field.value !== "");
    });
    field.addEventListener("input", () => field.classList.remove("nothing"));
    return field;
  }

  /** A text about this one, for example a critique: its lines that name a step lead there. */
  private note(note: Text): HTMLElement {
    const lines = note.text.slice(0, 200_000).split("\n").filter((line) => line !== "");
    return h("div", { class: "note" }, h("h3", {}, note.name, " ", ...badges(note)), h("ol", {}, ...lines.slice(0, 2000).map((line) => {
      const step = /\bsteps? (\d+)/i.exec(line);
      if (step === null || this.replay === null) return h("li", {}, line);
      return h("li", {}, h("button", { type: "button", class: "link", onclick: () => this.player?.goEvent(Number(step[1])) }, line));
    })));
  }
}
