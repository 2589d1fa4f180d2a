// Verdicts: what the checker found, beside what was planted. Nothing is judged here.

import { h } from "./dom";
import type { About, Defect, Span, Text, Wrong } from "./types";

export interface Jumps {
  toStep(step: number): void;
  toSpan(span: Span): void;
}

/** The verdict on a text in a few words, each with a sign beside its colour. */
export function badges(text: Text): HTMLElement[] {
  const { verdict } = text;
  if (verdict === null) return [];
  const all: HTMLElement[] = [];
  const add = (good: boolean | null | undefined, yes: string, no: string) => {
    if (good === null || good === undefined) return;
    all.push(h("span", { class: `badge ${good ? "good" : "bad"}` }, `${good ? "✓" : "✗"} ${good ? yes : no}`));
  };
  add(verdict.solved, "solved", "not solved");
  if (verdict.answer_right !== null) add(verdict.answer_right, "answer right", "answer wrong");
  const errors = verdict.errors?.length ?? 0;
  add(verdict.valid, "no error", `${errors} ${errors === 1 ? "error" : "errors"}`);
  if (verdict.solved === true) add(verdict.optimal, "cheapest", "not the cheapest");
  return all;
}

/** The errors and the planted defects of a text, as a list that leads to their places. */
export function errorList(text: Text, about: About, jumps: Jumps): HTMLElement {
  const errors = text.verdict?.errors ?? [];
  const section = h("section", { class: "errors", "data-testid": "errors", "aria-label": "errors" });
  if (text.verdict === null && text.defects.length === 0) return section;
  if (text.defects.length > 0) {
    section.append(h("h3", {}, "Planted defects"), h("ol", {}, ...text.defects.map((defect) => planted(defect, errors, jumps))));
  }
  section.append(h("h3", {}, `Found by the checker${errors.length > 0 ? ` (${errors.length})` : ""}`));
  if (errors.length === 0) section.append(h("p", { class: "muted" }, "No error."));
  // A broken text may have thousands; the first ones tell what is wrong.
  else section.append(h("ol", {}, ...errors.slice(0, 200).map((error) => wrong(error, about, jumps))));
  if (errors.length > 200) section.append(h("p", { class: "muted" }, `and ${errors.length - 200} more`));
  return section;
}

function wrong(error: Wrong, about: About, jumps: Jumps): HTMLElement {
  const rule = error.rule ?? about.rules?.[error.class];
  return h("li", { class: "wrong-item" },
    h("button", { type: "button", class: "link", onclick: () => jump(error, jumps) }, `${place(error)}: ${error.class}`),
    h("dl", {},
      ...pair("found", error.found), ...pair("expected", error.expected), ...pair("rule", rule ?? (error.level ? `level ${error.level}` : null))));
}

function planted(defect: Defect, errors: Wrong[], jumps: Jumps): HTMLElement {
  const found = errors.find((error) => error.class === defect.class && (error.step === defect.step || error.span?.[0] === defect.span?.[0]));
  return h("li", { class: "defect-item" },
    h("button", { type: "button", class: "link", onclick: () => jump(defect, jumps) }, `${place(defect)}: ${defect.kind ?? defect.class ?? "defect"}`),
    h("dl", {}, ...pair("written", defect.found), ...pair("instead of", defect.expected),
      ...pair("checker", found ? `found it, as ${found.class}` : "has no error of this class at this place")));
}

function pair(name: string, value: string | null | undefined): HTMLElement[] {
  return value === null || value === undefined || value === "" ? [] : [h("dt", {}, name), h("dd", { class: name === "rule" || name === "checker" ? null : "mono" }, value)];
}

function place(thing: Wrong | Defect): string {
  return typeof thing.step === "number" ? `step ${thing.step.toLocaleString("en")}` : "text";
}

function jump(thing: Wrong | Defect, jumps: Jumps): void {
  if (typeof thing.step === "number") jumps.toStep(thing.step);
  if (thing.span) jumps.toSpan(thing.span.slice(-2) as Span);
}
