// The text of a row beside its tree. Only the lines that can be seen are in the page, so that texts of many megabytes scroll.

import { Places } from "./bytes";
import { h } from "./dom";
import { stepLabels, type StepLabel } from "./labels";
import { stepStarts, wrap, type Lines } from "./lines";
import { lowerBound, type Replay } from "./replay";
import type { Span, Text } from "./types";

const MOST_PIXELS = 8_000_000; // browsers do not scroll higher elements; beyond it the scroll bar stands for more lines than it shows
const OVERSCAN = 6;

/** A part of the text that is to be seen as something: an error, a defect, what a loss skips. */
interface Decoration {
  start: number;
  end: number;
  class: string;
  title: string;
}

export interface TextPaneOptions {
  text: Text;
  replay: Replay | null;
  /** A click on an event; on the answer it is one behind the last event. */
  onEvent(event: number): void;
}

export class TextPane {
  readonly element: HTMLElement;
  private readonly scroller: HTMLElement;
  private readonly canvas = h("div", { class: "lines" });
  private readonly spacer = h("div", { class: "lines-height" });
  private readonly places: Places;
  private readonly lines: Lines = { start: [], end: [], band: [] };
  /** The first line of the text behind the prompt. */
  private firstOfText = 0;
  private readonly eventStart: Int32Array;
  private readonly eventEnd: Int32Array;
  private readonly breaks: number[];
  private readonly decorations: Decoration[] = [];
  /** By decoration: the greatest end of it and those before it, to find the first that reaches a line. */
  private reach: number[] = [];
  /** Labels of steps by the unit where they stand, in order. */
  private readonly labels: { at: number; label: StepLabel }[];
  private answerStart = Infinity;
  private columns = 0;
  private lineHeight = 20;
  private lit: [number, number] = [-1, -1];
  private litEvent = -1;
  /** What was looked for and found, in units of the text, or of the prompt. */
  private found: [number, number] | null = null;
  private inPrompt = false;
  /** The lines in the page, by number; those that did not change stay. */
  private rendered = new Map<number, HTMLElement>();
  /** What the browser last said of the pane; asking it again would lay the page out anew at each step. */
  private viewTop = 0;
  private viewHeight = 0;
  /** Whether the pane is to be scrolled to `viewTop`. */
  private scrolls = false;

  constructor(private readonly options: TextPaneOptions) {
    const { text, replay } = options;
    this.places = new Places(text.text);
    const events = replay?.events ?? 0;
    this.eventStart = new Int32Array(events);
    this.eventEnd = new Int32Array(events);
    const { start, end } = replay?.trace.events ?? { start: [], end: [] };
    for (let event = 0; event < events; event++) {
      this.eventStart[event] = this.places.unit(start[event] ?? 0);
      this.eventEnd[event] = this.places.unit(end[event] ?? 0);
    }
    this.breaks = replay === null ? [] : stepStarts(replay, this.eventStart);
    if (text.answer !== null) this.answerStart = this.places.unit(text.answer[0]);
    this.labels = stepLabels(text).map((label) => ({ at: label.byte === undefined ? this.eventStart[label.event ?? 0] ?? 0 : this.places.unit(label.byte), label }))
      .sort((one, other) => one.at - other.at);
    this.decorate();
    this.scroller = h("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": `text: ${text.name}` }, this.spacer, this.canvas);
    this.element = h("div", { class: "text-pane", "data-testid": "text" }, this.scroller);
    this.scroller.addEventListener("scroll", () => {
      this.viewTop = this.scroller.scrollTop;
      this.render();
    }, { passive: true });
    this.canvas.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.measure()).observe(this.scroller);
  }

  /** Lights an event, and scrolls to it if it is out of sight; -1 for none, one behind the last for the answer. */
  show(event: number): void {
    this.litEvent = event;
    const before = this.lit;
    if (event < 0) this.lit = [-1, -1];
    else if (event < this.eventStart.length) this.lit = [this.eventStart[event], Math.max(this.eventEnd[event], this.eventStart[event] + 1)];
    else this.lit = [this.answerStart, this.options.text.answer === null ? -1 : this.places.unit(this.options.text.answer[1])];
    if (event < 0) this.scrollTo(0, false);
    else this.reveal(this.lit[0]);
    this.forget(before);
    this.forget(this.lit);
    this.render();
  }

  /** Has the lines of a place rendered anew. */
  private forget([start, end]: readonly [number, number]): void {
    if (end <= start) return;
    for (const line of this.rendered.keys()) {
      if (line >= this.firstOfText && this.lines.start[line] < end && this.lines.end[line] > start) this.rendered.delete(line);
    }
  }

  /** Lights a place given in bytes, and scrolls to it. */
  showSpan(span: Span): void {
    this.inPrompt = false;
    this.found = [this.places.unit(span[0]), Math.max(this.places.unit(span[1]), this.places.unit(span[0]) + 1)];
    this.reveal(this.found[0]);
    this.rendered.clear();
    this.render();
  }

  /** Looks for words behind (or before) what was found last, in the prompt and in the text; says whether it found them. */
  find(words: string, backwards = false): boolean {
    const { prompt, text } = this.options.text;
    const source = prompt + text;
    const from = this.found === null ? -1 : this.found[0] + (this.inPrompt ? 0 : prompt.length);
    const at = words === "" ? -1 : backwards
      ? wrapAround(source.lastIndexOf(words, from < 0 ? source.length : from - 1), () => source.lastIndexOf(words))
      : wrapAround(source.indexOf(words, from + 1), () => source.indexOf(words));
    this.inPrompt = at >= 0 && at < prompt.length;
    const start = at - (this.inPrompt ? 0 : prompt.length);
    this.found = at < 0 ? null : [start, start + words.length];
    if (at >= 0) this.reveal(start, this.inPrompt);
    this.rendered.clear();
    this.render();
    return at >= 0;
  }

  /** The event that a place in bytes belongs to; -1 for none. */
  eventAt(byte: number): number {
    return this.eventOf(this.places.unit(byte));
  }

  private decorate(): void {
    const { text } = this.options;
    const add = (span: readonly number[] | null | undefined, name: string, title: string) => {
      if (!span || span.length < 2) return;
      // Spans of rows with several texts begin with the number of the text.
      const [start, end] = span.slice(-2).map((byte) => this.places.unit(byte));
      this.decorations.push({ start, end: Math.max(end, start + 1), class: name, title });
    };
    for (const span of text.skip_spans) add(span, "skipped", "the loss skips this");
    for (const span of text.wrong_spans) add(span, "wrong", "the row says that this is wrong");
    for (const defect of text.defects) add(defect.span, "defect", `planted: ${defect.kind ?? defect.class ?? "defect"}`);
    for (const error of text.verdict?.errors ?? []) {
      add(error.span, "error", `${error.class}: found ${error.found ?? "nothing"}, expected ${error.expected ?? "something else"}`);
    }
    this.decorations.sort((one, other) => one.start - other.start);
    let reach = 0;
    this.reach = this.decorations.map((decoration) => (reach = Math.max(reach, decoration.end)));
  }

  /** Works out how much fits a line, and cuts the text anew if that has changed. */
  private measure(): void {
    const probe = h("span", { class: "line-probe" }, "0".repeat(50));
    // What stands before the words of a line.
    const gutter = h("span", { class: "gutter" });
    const sign = this.labels.length === 0 ? null : h("span", { class: "sign" });
    const before = h("div", { class: "line" }, gutter, sign);
    this.canvas.append(probe, before);
    const { width, height } = probe.getBoundingClientRect();
    const taken = gutter.offsetWidth + (sign?.offsetWidth ?? 0);
    probe.remove();
    before.remove();
    if (width === 0) return;
    this.lineHeight = Math.max(14, height);
    [this.viewTop, this.viewHeight] = [this.scroller.scrollTop, this.scroller.clientHeight];
    const columns = Math.max(12, Math.floor((this.scroller.clientWidth - taken - 12) / (width / 50)));
    if (columns !== this.columns) {
      this.columns = columns;
      this.cut();
    }
    if (this.litEvent >= 0) this.reveal(this.lit[0]);
    this.render();
  }

  private cut(): void {
    const { text } = this.options;
    this.rendered.clear();
    this.lines.start.length = this.lines.end.length = this.lines.band.length = 0;
    wrap(this.lines, text.prompt, 0, text.prompt.length, "prompt", this.columns);
    this.firstOfText = this.lines.start.length;
    const answer = Math.min(this.answerStart, text.text.length);
    wrap(this.lines, text.text, 0, answer, "text", this.columns, this.breaks);
    wrap(this.lines, text.text, answer, text.text.length, "answer", this.columns);
    this.spacer.style.height = `${Math.min(MOST_PIXELS, this.lines.start.length * this.lineHeight + 8)}px`;
  }

  /** Lines that stand for a pixel of the scroll bar: one line height, unless there are too many lines. */
  private get scale(): number {
    const all = this.lines.start.length * this.lineHeight + 8 - this.viewHeight;
    return all <= MOST_PIXELS - this.viewHeight ? 1 : all / (MOST_PIXELS - this.viewHeight);
  }

  private scrollTo(line: number, centred: boolean): void {
    const middle = centred ? this.viewHeight / 2 - this.lineHeight : 0;
    const most = Math.min(MOST_PIXELS, this.lines.start.length * this.lineHeight + 8) - this.viewHeight;
    this.viewTop = Math.max(0, Math.min(most, (line * this.lineHeight - middle) / this.scale));
    this.scrolls = true;
  }

  /** Scrolls to a place of the text, if it is not to be seen. */
  private reveal(unit: number, inPrompt = false): void {
    if (this.columns === 0) return;
    const line = this.lineOf(unit, inPrompt);
    const top = (this.viewTop * this.scale) / this.lineHeight;
    const visible = this.viewHeight / this.lineHeight;
    if (line < top + 1 || line > top + visible - 3) this.scrollTo(line, true);
  }

  private lineOf(unit: number, inPrompt: boolean): number {
    const first = inPrompt ? 0 : this.firstOfText;
    let low = first;
    let high = inPrompt ? this.firstOfText : this.lines.start.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.lines.start[middle] <= unit) low = middle + 1;
      else high = middle;
    }
    return Math.max(first, low - 1);
  }

  private render(): void {
    if (this.columns === 0) return;
    const top = this.viewTop * this.scale;
    const first = Math.max(0, Math.floor(top / this.lineHeight) - OVERSCAN);
    const last = Math.min(this.lines.start.length, Math.ceil((top + this.viewHeight) / this.lineHeight) + OVERSCAN);
    const before = this.rendered;
    this.rendered = new Map();
    for (let line = first; line < last; line++) this.rendered.set(line, before.get(line) ?? this.line(line));
    place(this.canvas, [...this.rendered.values()]);
    this.canvas.style.transform = `translateY(${this.viewTop + first * this.lineHeight - top}px)`;
    if (this.scrolls) this.scroller.scrollTop = this.viewTop;
    this.scrolls = false;
  }

  private line(line: number): HTMLElement {
    const { start, end, band } = this.lines;
    const isPrompt = line < this.firstOfText;
    const begins = line === 0 || band[line - 1] !== band[line];
    const event = isPrompt ? -1 : this.firstEventIn(start[line], end[line]);
    const isLit = !isPrompt && this.lit[0] < end[line] && this.lit[1] > start[line];
    return h("div", { class: `line band-${band[line]}${begins ? " begins" : ""}${isLit ? " here" : ""}`, "data-line": line },
      h("span", { class: "gutter", "aria-hidden": "true" }, begins ? { prompt: "prompt", text: this.name(), answer: "answer" }[band[line]] : event < 0 ? "" : String(event)),
      ...(isPrompt || this.labels.length === 0 ? [] : [this.sign(start[line], end[line])]),
      h("span", { class: "words" }, ...this.parts(start[line], end[line], isPrompt)));
  }

  /** The label of the step that begins on a line. */
  private sign(from: number, to: number): HTMLElement {
    const label = this.labels[lowerBound(this.labels, from, ({ at }) => at)];
    if (label === undefined || label.at >= to) return h("span", { class: "sign" });
    return h("span", { class: `sign ${label.label.good ? "good" : "bad"}`, title: label.label.says, role: "img", "aria-label": label.label.says }, label.label.good ? "✓" : "✗");
  }

  private name(): string {
    return this.options.replay === null ? "text" : "trace";
  }

  /** The text of a line, cut where something on it begins or ends. */
  private parts(from: number, to: number, isPrompt: boolean): HTMLElement[] {
    const source = isPrompt ? this.options.text.prompt : this.options.text.text;
    const over = isPrompt ? [] : this.decorationsOf(from, to);
    if (this.found !== null && this.inPrompt === isPrompt && this.found[0] < to && this.found[1] > from) over.push({ start: this.found[0], end: this.found[1], class: "found", title: "" });
    const cuts = new Set([from, to]);
    for (const { start, end } of over) for (const place of [start, end]) if (place > from && place < to) cuts.add(place);
    const places = [...cuts].sort((one, other) => one - other);
    return places.slice(1).map((end, at) => {
      const start = places[at];
      const on = over.filter((decoration) => decoration.start < end && decoration.end > start);
      const titles = [...new Set(on.map(({ title }) => title).filter(Boolean))].join("\n");
      const part = h("span", { class: on.map((decoration) => decoration.class).join(" ") || null, title: titles || null }, source.slice(start, end));
      part.dataset.at = String(start);
      return part;
    });
  }

  /** What is to be seen on a line of the text, the current event among it. */
  private decorationsOf(from: number, to: number): Decoration[] {
    const over: Decoration[] = [];
    for (let at = lowerBound(this.reach, from + 1, (end) => end); at < this.decorations.length && this.decorations[at].start < to; at++) {
      if (this.decorations[at].end > from) over.push(this.decorations[at]);
    }
    if (this.lit[0] < to && this.lit[1] > from) over.push({ start: this.lit[0], end: this.lit[1], class: "lit", title: "" });
    return over;
  }

  private firstEventIn(from: number, to: number): number {
    const event = lowerBound(this.eventStart, from, (start) => start);
    return event < this.eventStart.length && this.eventStart[event] < to ? event : -1;
  }

  /** The last event that begins at or before a place, and one behind the last for the answer. */
  private eventOf(unit: number): number {
    if (unit >= this.answerStart) return this.eventStart.length;
    let event = lowerBound(this.eventStart, unit + 1, (start) => start) - 1;
    // Several events may share their words; the one that is about most comes last.
    while (event > 0 && this.eventStart[event] > unit) event--;
    return event;
  }

  private click(event: MouseEvent): void {
    const selection = window.getSelection();
    if (selection !== null && !selection.isCollapsed) return;
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>(".line");
    const line = Number(row?.dataset.line ?? -1);
    if (line < this.firstOfText || line >= this.lines.start.length || this.options.replay === null) return;
    const part = target?.closest<HTMLElement>("[data-at]");
    const inside = part ? Number(part.dataset.at) + (caret(event, part) ?? 0) : this.lines.end[line] - 1;
    const found = this.eventOf(Math.min(Math.max(inside, this.lines.start[line]), this.lines.end[line]));
    if (found >= 0) this.options.onEvent(found);
  }
}

/** Makes these the children of an element, in this order, and leaves those that are in their place alone. */
function place(parent: HTMLElement, children: HTMLElement[]): void {
  const stay = new Set<Element>(children);
  for (const child of [...parent.children]) if (!stay.has(child)) child.remove();
  let at = parent.firstElementChild;
  for (const child of children) {
    if (child === at) at = at.nextElementSibling;
    else parent.insertBefore(child, at);
  }
}

function wrapAround(at: number, again: () => number): number {
  return at < 0 ? again() : at;
}

/** The place of a click within a part of a line; null where the browser does not say. */
function caret(event: MouseEvent, part: HTMLElement): number | null {
  const at = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  return at && part.contains(at.offsetNode) ? at.offset : null;
}
