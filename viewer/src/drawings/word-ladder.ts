/** A word ladder: a rung for each word from the start to here, the changed letter marked, and the goal at its foot. */
import { drawing, element, fields, fitting, group, picture, text, tone, words } from "./shared";

const TILE = 30;
const RUNG = 36;
const LEFT = 100;
const MOST_LETTERS = 24;
/** Rungs that are shown: of a longer way the first one and the last ones. */
const MOST_RUNGS = 10;

/** A word of a state, `c o l d`, in one piece. */
const join = (state: string): string => words(state).join("");

interface Rung {
  word: string;
  /** The word above it. */
  before: string | null;
  name: string;
  here: boolean;
}

function drawTile(letter: string, place: number, y: number, changed: boolean, fits: boolean, here: boolean): SVGElement {
  const x = LEFT + place * (TILE + 4);
  const edge = changed ? tone.accent : here ? tone.ink : tone.line;
  return group(
    {},
    element("rect", { x, y, width: TILE, height: TILE, rx: 4, fill: changed ? tone.accent : tone.paper, "fill-opacity": changed ? 0.25 : 1, stroke: edge, "stroke-width": changed || here ? 2.5 : 1.2 }),
    text(x + TILE / 2, y + TILE / 2, letter, { "font-size": 18, "font-weight": changed ? 700 : 500 }),
    fits && element("line", { x1: x + 7, x2: x + TILE - 7, y1: y + TILE - 4, y2: y + TILE - 4, stroke: tone.good, "stroke-width": 2.5 }),
  );
}

function drawRung(rung: Rung, y: number, goal: string): SVGElement {
  const letters = [...rung.word];
  const changed = (place: number): boolean => rung.before !== null && [...rung.before][place] !== letters[place];
  return group(
    {},
    text(LEFT - 10, y + TILE / 2, rung.name, { "text-anchor": "end", "font-size": 13, fill: rung.here ? tone.ink : tone.muted, "font-weight": rung.here ? 700 : 400 }),
    ...letters.map((letter, place) => drawTile(letter, place, y, changed(place), [...goal][place] === letter, rung.here)),
  );
}

/** The words to show with their places on the way; null stands for those left out. */
function shorten(way: string[]): (number | null)[] {
  const all = way.map((_, place) => place);
  return way.length <= MOST_RUNGS ? all : [0, null, ...all.slice(1 - MOST_RUNGS)];
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const { start, goal } = puzzle;
  if (typeof start !== "string" || typeof goal !== "string" || start === "" || [...start].length > MOST_LETTERS || [...goal].length > MOST_LETTERS) return null;
  const path = (scene.path ?? []).filter((told) => told !== "").map(join);
  const state = scene.state === null ? start : join(scene.state);
  const way = path.at(-1) === state ? path : [...path, state];
  if (way.some((word) => word === "" || [...word].length > MOST_LETTERS)) return null;

  const reached = state === goal;
  const drawn: SVGElement[] = [];
  let y = 10;
  for (const place of shorten(way)) {
    if (place === null) {
      drawn.push(text(LEFT + 2 * TILE, y + 8, `… ${way.length - MOST_RUNGS} words …`, { "font-size": 13, fill: tone.muted }));
      y += 22;
      continue;
    }
    const here = place === way.length - 1;
    const name = here && reached ? "goal ✓" : place === 0 ? "start" : String(place);
    drawn.push(drawRung({ word: way[place] ?? "", before: place > 0 ? (way[place - 1] ?? null) : null, name, here }, y, goal));
    y += RUNG;
  }
  if (!reached) {
    const apart = [...goal].filter((letter, place) => [...state][place] !== letter).length;
    const middle = LEFT + ([...goal].length * (TILE + 4) - 4) / 2;
    drawn.push(text(middle, y + 6, `⋮ ${apart} to change`, { "font-size": fitting("12 to change", 2 * (middle - LEFT), 13), fill: tone.muted }));
    y += 22;
    drawn.push(drawRung({ word: goal, before: null, name: "goal", here: false }, y, ""));
    y += RUNG;
  }
  const longest = Math.max(...way.map((word) => [...word].length), [...goal].length);
  const right = LEFT + longest * (TILE + 4);
  const rails = [LEFT - 4, right].map((x) => element("line", { x1: x, x2: x, y1: 4, y2: y, stroke: tone.line, "stroke-width": 3, "stroke-linecap": "round" }));
  return picture(Math.max(320, right + 60), y + 8, `From ${start} to ${goal}: ${way.join(", ")}.`, ...rails, ...drawn);
});
