// Rows with several texts: each text as a card, side by side, with what the row says about it.

import { h } from "./dom";
import { Children, layout } from "./layout";
import { Replay, STATUS } from "./replay";
import { colour, palette } from "./shapes";
import type { LookedAtRow, Text } from "./types";
import { badges } from "./verdict";

/** What rows of a kind are, in a sentence. */
const SAYS: Record<string, string> = {
  critique: "A candidate solution, and a critique of it.",
  criteria: "A candidate solution, and each of its steps judged by five criteria.",
  comparison: "Several candidates, and which of them is right, or none.",
  group: "Trajectories of one puzzle, with their rewards and penalties.",
  correction: "Two turns: a first answer, a request to look again, and a second answer.",
  preference: "A right solution (chosen) and a wrong one (rejected).",
  stepwise: "A candidate solution, step by step, and whether each step is right.",
  unpaired: "A candidate solution, and whether it is right.",
  backtrack: "A right beginning, one bad step, and the token that takes it back.",
  rl: "A prompt in plain English, and what a reward needs.",
};

/** The sentence about a row's kind; empty where its columns say enough. */
export function kindSays(row: LookedAtRow): string {
  return SAYS[String(row.row.record ?? "")] ?? "";
}

/** The cards of a row's texts. A text without a trace, such as a user's turn, is a card with its words. */
export function cards(texts: Text[], chosen: Text, onChoose: (text: Text) => void): HTMLElement {
  return h("div", { class: "cards", role: "group", "aria-label": "texts of this row", "data-testid": "cards" }, ...texts.map((text) => {
    if (text.trace === null && chosen.trace !== null) {
      return h("div", { class: "card words" }, h("strong", {}, text.name), h("span", { class: "card-text" }, text.text.length > 400 ? `${text.text.slice(0, 400)}…` : text.text));
    }
    return h("button", { type: "button", class: "card", "aria-pressed": text === chosen ? "true" : "false", onclick: () => onChoose(text) },
      h("strong", {}, text.name), ...labels(text.label), h("span", { class: "card-badges" }, ...badges(text)), ...sizes(text), thumbnail(text));
  }));
}

/** What a row says about a text: a label, or numbers such as reward and penalty. */
function labels(label: unknown): HTMLElement[] {
  if (label === null || label === undefined) return [];
  if (typeof label !== "object") return [h("span", { class: "label" }, said(label))];
  return [h("span", { class: "labels" }, ...Object.entries(label).filter(([, value]) => value !== null && value !== "" && typeof value !== "object")
    .map(([name, value]) => h("span", { class: "label" }, `${name.replaceAll("_", " ")} `, h("b", {}, said(value)))))];
}

function said(value: unknown): string {
  if (typeof value === "boolean") return value ? "✓ yes" : "✗ no";
  return typeof value === "number" ? String(Math.round(value * 1000) / 1000) : String(value);
}

function sizes(text: Text): HTMLElement[] {
  const { metrics } = text.verdict ?? {};
  const words = metrics?.nodes === undefined ? `${text.text.length.toLocaleString("en")} characters` : `${metrics.nodes} nodes, ${metrics.backtracks ?? 0} backtracks`;
  const error = text.verdict?.first_error;
  return [h("span", { class: "muted" }, words), ...(error ? [h("span", { class: "muted" }, `first error: ${typeof error.step === "number" ? `step ${error.step}, ` : ""}${error.class}`)] : [])];
}

/** A small picture of a text's tree. */
function thumbnail(text: Text): HTMLElement | null {
  if (text.trace === null || text.trace.nodes.parent.length < 2 || text.trace.nodes.parent.length > 20_000) return null;
  const [width, height] = [176, 72];
  const canvas = h("canvas", { width: width * 2, height: height * 2, class: "thumbnail", "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  if (context === null) return null;
  const replay = new Replay(text, text.trace);
  const place = layout(replay.parent, new Children(replay.parent));
  const colours = palette();
  context.scale(2, 2);
  const x = (node: number) => 6 + (place.down[node] / Math.max(1, place.depth)) * (width - 12);
  const y = (node: number) => (place.breadth === 0 ? height / 2 : 6 + (place.across[node] / place.breadth) * (height - 12));
  context.strokeStyle = colours.grid;
  context.lineWidth = 0.7;
  context.beginPath();
  for (let node = 0; node < replay.nodes; node++) {
    const above = replay.parent[node];
    if (above < 0) continue;
    context.moveTo(x(above), y(above));
    context.lineTo(x(node), y(node));
  }
  context.stroke();
  for (let node = 0; node < replay.nodes; node++) {
    const status = STATUS[replay.code(node, replay.events)];
    context.fillStyle = colour(status, colours);
    const size = status === "goal" ? 7 : status === "dead" ? 3 : 1.6;
    context.fillRect(x(node) - size / 2, y(node) - size / 2, size, size);
  }
  return canvas;
}
