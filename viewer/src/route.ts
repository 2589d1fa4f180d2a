// The address of what is shown, behind the # of the page's own address: it can be sent to somebody else.

import type { Place } from "./types";

export interface Route extends Place {
  page: "row" | "data";
  /** Which of the row's texts. */
  text: number;
  /** The event, as the checker counts; null for the start. */
  step: number | null;
  /** The config that the row is compared with. */
  twin: string | null;
}

export function readRoute(hash: string): Partial<Route> {
  const [page, query = ""] = hash.replace(/^#\/?/, "").split("?");
  const fields = new URLSearchParams(query);
  const number = (name: string) => {
    const value = Number(fields.get(name) ?? NaN);
    return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  };
  return {
    page: page === "data" ? "data" : page === "row" ? "row" : undefined,
    config: fields.get("config") ?? undefined, split: fields.get("split") ?? undefined, index: number("index"), text: number("text"),
    step: number("step"), twin: fields.get("twin") ?? undefined,
  };
}

export function writeRoute(route: Route): string {
  if (route.page === "data") return "#/data";
  const fields = new URLSearchParams();
  if (route.config !== null) fields.set("config", route.config);
  if (route.split !== null) fields.set("split", route.split);
  fields.set("index", String(route.index));
  if (route.text > 0) fields.set("text", String(route.text));
  if (route.step !== null) fields.set("step", String(route.step));
  if (route.twin !== null) fields.set("twin", route.twin);
  return `#/row?${fields}`;
}
