// The bar at the bottom: where the trace stands, and how it moves.

import { h } from "./dom";
import type { Landmarks } from "./landmarks";
import { nextOf } from "./landmarks";
import type { Replay } from "./replay";
import { palette } from "./shapes";

const SPEEDS = [1, 2, 5, 10, 30, 100, 1000, 10_000];

export interface PlayerOptions {
  replay: Replay;
  landmarks: Landmarks;
  /** Another position is to be shown. */
  onMove(position: number): void;
  /** The reader goes somewhere on purpose, and wants to see it. */
  onJump(): void;
}

export class Player {
  readonly element: HTMLElement;
  private position = 0;
  private playing = 0;
  private dragging = false;
  private readonly slider: HTMLInputElement;
  private readonly playButton: HTMLButtonElement;
  private readonly speed: HTMLSelectElement;
  private readonly step = h("output", { class: "step", "data-testid": "step", "aria-live": "polite" });
  private readonly strip = h("canvas", { class: "strip", "aria-hidden": "true" });
  private readonly buttons: [HTMLButtonElement, readonly number[]][] = [];

  constructor(private readonly options: PlayerOptions) {
    const { replay, landmarks } = options;
    const action = (sign: string, name: string, run: () => void) =>
      h("button", { type: "button", title: name, "aria-label": name, onclick: () => { this.pause(); run(); } }, sign);
    this.slider = h("input", { type: "range", min: 0, max: replay.last, value: 0, "aria-label": "step", "data-testid": "slider", oninput: () => {
      this.pause();
      this.dragging = true;
      this.go(Number(this.slider.value));
      this.dragging = false;
    } });
    this.playButton = h("button", { type: "button", class: "primary", "data-testid": "play", title: "play (space)", onclick: () => this.toggle() }, "Play");
    this.speed = h("select", { "aria-label": "steps a second", title: "steps a second" }, ...SPEEDS.map((speed) => h("option", { value: speed }, `${speed.toLocaleString("en")}/s`)));
    // As long as about a quarter of a minute, whatever the length of the trace.
    this.speed.value = String(SPEEDS.find((speed) => replay.last / speed < 15) ?? SPEEDS.at(-1));
    const turn = landmarks.wrongTurn;
    this.element = h("section", { class: "player", "aria-label": "steps" },
      h("div", { class: "track" }, this.strip, this.slider),
      h("div", { class: "controls" },
        action("|◀", "start (Home)", () => this.go(0)), action("◀", "one step back (←)", () => this.move(-1)), this.playButton,
        action("▶", "one step on (→)", () => this.move(1)), action("▶|", "end (End)", () => this.go(replay.last)), this.speed, this.step),
      h("div", { class: "controls landmarks" },
        this.landmark("? choice that failed", "c", turn === null ? [] : [turn.made]),
        this.landmark("✗ first dead end", "d", landmarks.deadEnds.length > 0 || turn === null ? landmarks.deadEnds.slice(0, 1) : [turn.dead]),
        this.landmark("↩ where it was undone", "u", turn === null || turn.undone === null ? [] : [turn.undone]),
        this.landmark("↶ next backtrack", "b", landmarks.backtracks),
        this.landmark("! next error", "e", landmarks.errors),
        this.landmark("★ goal", "g", landmarks.goal === null ? [] : [landmarks.goal])));
    new ResizeObserver(() => this.drawStrip()).observe(this.strip);
  }

  /** Whether it plays. */
  get isPlaying(): boolean {
    return this.playing !== 0;
  }

  /** Whether the position changes faster than a reader follows: it plays, or the slider is drawn. */
  get isHurried(): boolean {
    return this.isPlaying || this.dragging;
  }

  /** Goes to a position. */
  go(position: number): void {
    this.position = Math.max(0, Math.min(position, this.options.replay.last));
    this.slider.value = String(this.position);
    const words = this.words();
    this.slider.setAttribute("aria-valuetext", words);
    // While it plays, a screen reader would never come to an end.
    this.step.setAttribute("aria-live", this.playing === 0 ? "polite" : "off");
    this.step.textContent = words;
    this.options.onMove(this.position);
  }

  /** Goes to an event, counted as the checker counts. */
  goEvent(event: number): void {
    this.pause();
    this.options.onJump();
    this.go(event + 1);
  }

  /** Goes on or back to where other words of the text begin: several events may share theirs. */
  move(by: 1 | -1): void {
    const { start, end } = this.options.replay.trace.events;
    const same = (one: number, other: number) => start[one] === start[other] && end[one] === end[other];
    let position = this.position + by;
    if (by > 0) while (position < this.options.replay.events && same(position - 1, position)) position++;
    else while (position > 0 && position <= this.options.replay.events - 1 && same(position - 1, position)) position--;
    this.go(position);
  }

  /** Plays, or stops playing. */
  toggle(): void {
    if (this.playing !== 0) return this.pause();
    if (this.position >= this.options.replay.last) this.go(0);
    this.playButton.textContent = "Pause";
    let before = performance.now();
    let due = 0;
    const tick = (now: number) => {
      due += ((now - before) / 1000) * Number(this.speed.value);
      before = now;
      const whole = Math.floor(due);
      due -= whole;
      if (whole > 0) this.go(this.position + whole);
      if (this.position >= this.options.replay.last) return this.pause();
      this.playing = requestAnimationFrame(tick);
    };
    this.playing = requestAnimationFrame(tick);
  }

  pause(): void {
    if (this.playing !== 0) cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.playButton.textContent = "Play";
  }

  /** Does what a key stands for; says whether it stands for something. */
  key(event: KeyboardEvent): boolean {
    const far = event.shiftKey ? 10 : 0;
    switch (event.key) {
      case "ArrowRight": this.pause(); if (far) this.go(this.position + far); else this.move(1); return true;
      case "ArrowLeft": this.pause(); if (far) this.go(this.position - far); else this.move(-1); return true;
      case "Home": this.pause(); this.go(0); return true;
      case "End": this.pause(); this.go(this.options.replay.last); return true;
      case " ": this.toggle(); return true;
    }
    const found = this.buttons.find(([button]) => button.dataset.key === event.key);
    found?.[0].click();
    return found !== undefined;
  }

  private landmark(name: string, key: string, events: readonly number[]): HTMLButtonElement {
    const button = h("button", { type: "button", "data-key": key, title: `${name.slice(2)} (${key})`, disabled: events.length === 0, onclick: () => {
      const next = nextOf(events, this.position - 1);
      if (next !== null) this.goEvent(next);
    } }, events.length > 1 ? `${name} (${events.length.toLocaleString("en")})` : name);
    this.buttons.push([button, events]);
    return button;
  }

  private words(): string {
    const { replay } = this.options;
    if (this.position === 0) return `start; the steps are 0 to ${(replay.events - 1).toLocaleString("en")}`;
    if (replay.isAnswer(this.position)) return "answer";
    const event = this.position - 1;
    return `step ${event.toLocaleString("en")} of ${(replay.events - 1).toLocaleString("en")}: ${replay.undone(this.position) >= 0 ? "goes back" : EVENT_WORDS[replay.kind(event)]}`;
  }

  /** Marks over the slider: the choice that failed first, dead ends, backtracks, errors, the goal. */
  private drawStrip(): void {
    const { width, height } = this.strip.getBoundingClientRect();
    const context = this.strip.getContext("2d");
    if (width === 0 || context === null) return;
    const ratio = window.devicePixelRatio || 1;
    [this.strip.width, this.strip.height] = [width * ratio, height * ratio];
    context.scale(ratio, ratio);
    const colours = palette();
    const { landmarks, replay } = this.options;
    const mark = (events: readonly number[], fill: string, top: number, size: number) => {
      context.fillStyle = fill;
      let before = -1;
      for (const event of events) {
        // The thumb of a slider keeps half its size from the ends.
        const x = Math.round(8 + ((width - 16) * (event + 1)) / Math.max(1, replay.last));
        if (x !== before) context.fillRect(x - size / 2, top, size, height / 2 - 1);
        before = x;
      }
    };
    mark(landmarks.backtracks, colours.jump, height / 2, 1);
    mark(landmarks.deadEnds, colours.dead, 0, 1);
    mark(landmarks.wrongTurn === null ? [] : [landmarks.wrongTurn.made], colours.current, 0, 4);
    mark(landmarks.errors, colours.error, 0, 4);
    mark(landmarks.goal === null ? [] : [landmarks.goal], colours.goal, 0, 4);
  }

  /** Takes the colours of the page anew. */
  recolour(): void {
    this.drawStrip();
  }
}

/** What happens at an event, in words. */
export const EVENT_WORDS: Record<string, string> = {
  visit: "looks at a node", generate: "makes a node", open: "opens a node", goal: "reaches the goal", "dead-end": "dead end", seen: "seen before",
  cut: "beyond the bound", prune: "drops a node", "move-to": "moves to a node", bound: "starts again with a bound", root: "a second tree begins",
  meet: "both trees meet", "give-up": "gives up", unsolvable: "says that there is no solution",
};
