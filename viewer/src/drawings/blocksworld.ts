/** Blocks world: the towers now and at the goal. A block that needs to move no more has a mark, the one moved last a thick edge. */
import { cut, drawing, element, fields, fitting, group, list, picture, strings, text, tone, words } from "./shared";

const SIDE = 36;
const GAP = 12;
const MARGIN = 14;
const MOST_BLOCKS = 40;
const ANYWHERE = "_";

/** The towers of a state, `[ A B ] [ C ]`, each from the bottom; null if it is none. */
function readTowers(state: string): string[][] | null {
  const towers: string[][] = [];
  let tower: string[] | null = null;
  for (const word of words(state)) {
    if (word === "[" && tower === null) {
      tower = [];
    } else if (word === "]" && tower !== null) {
      towers.push(tower);
      tower = null;
    } else if (tower !== null && word !== "[") {
      tower.push(word);
    } else {
      return null;
    }
  }
  return tower === null && towers.length > 0 ? towers : null;
}

/** The towers of a puzzle: each a text with a letter a block, or a list of names. */
function towersOf(value: unknown): string[][] | null {
  const towers = list(value).map((tower) => (typeof tower === "string" ? [...tower] : strings(tower, MOST_BLOCKS)));
  const all = towers.filter((tower) => tower !== null);
  const count = all.reduce((sum, tower) => sum + tower.length, 0);
  return all.length === towers.length && count > 0 && count <= MOST_BLOCKS ? all : null;
}

/** What each block stands on, `table` or a block, all the way down. */
function supports(towers: string[][]): Map<string, string> {
  const below = new Map<string, string>();
  for (const tower of towers) {
    tower.forEach((block, place) => below.set(block, tower.slice(0, place).join(" ")));
  }
  return below;
}

interface Panel {
  name: string;
  towers: string[][];
  columns: number;
  x: number;
  floor: number;
}

const panelWidth = (columns: number): number => columns * (SIDE + GAP) + GAP;

function drawPanel({ name, towers, columns, x, floor }: Panel, placed: (block: string) => boolean, moved: string | null): SVGElement {
  const width = panelWidth(columns);
  const blocks = towers.flatMap((tower, column) => {
    const left = x + GAP + column * (SIDE + GAP) + ((columns - towers.length) * (SIDE + GAP)) / 2;
    return tower.map((block, level) => drawBlock(block, left, floor - (level + 1) * SIDE, placed(block), block === moved));
  });
  return group(
    {},
    ...blocks,
    element("line", { x1: x, x2: x + width, y1: floor + 1.5, y2: floor + 1.5, stroke: tone.ink, "stroke-width": 3 }),
    text(x + width / 2, floor + 20, name, { "font-size": 14, fill: tone.muted }),
  );
}

function drawBlock(block: string, x: number, y: number, placed: boolean, moved: boolean): SVGElement {
  if (block === ANYWHERE) {
    return group(
      {},
      element("rect", { x: x + 1, y: y + 1, width: SIDE - 2, height: SIDE - 2, fill: "none", stroke: tone.muted, "stroke-dasharray": "3 3" }),
      text(x + SIDE / 2, y + SIDE / 2, "any", { "font-size": 12, fill: tone.muted }),
    );
  }
  const edge = moved ? tone.accent : tone.ink;
  const shown = cut(block, 8);
  return group(
    {},
    element("rect", { x: x + 1, y: y + 1, width: SIDE - 2, height: SIDE - 2, rx: 3, fill: placed ? tone.good : tone.faint, "fill-opacity": placed ? 0.25 : 1, stroke: edge, "stroke-width": moved ? 3.5 : 1.5 }),
    text(x + SIDE / 2, y + SIDE / 2 + (placed ? 3 : 0), shown, { "font-size": fitting(shown, SIDE - 6, 18), "font-weight": 600 }),
    placed && text(x + SIDE - 8, y + 9, "✓", { "font-size": 11, fill: tone.good, "font-weight": 700 }),
  );
}

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const [start, goal] = [towersOf(puzzle.start), towersOf(puzzle.goal)];
  if (start === null || goal === null) return null;
  const now = scene.state === null ? start : readTowers(scene.state);
  if (now === null || now.flat().length > MOST_BLOCKS) return null;
  const blocks = start.flat().length;
  const columns = Math.max(3, start.length, now.length, goal.length);
  const highest = Math.max(3, Math.min(blocks, Math.max(...[start, now, goal].flat().map((tower) => tower.length)) + 1));
  const floor = MARGIN + highest * SIDE;
  const [here, there] = [supports(now), supports(goal)];
  const placed = (block: string): boolean => there.has(block) && here.get(block) === there.get(block);
  const [moved] = words(scene.move);
  const width = panelWidth(columns);
  return picture(
    2 * width + 3 * MARGIN,
    floor + 36,
    `Now ${now.map((tower) => tower.join(" ")).join(" | ")}; goal ${goal.map((tower) => tower.join(" ")).join(" | ")}.`,
    drawPanel({ name: "now", towers: now, columns, x: MARGIN, floor }, placed, moved ?? null),
    drawPanel({ name: "goal", towers: goal, columns, x: 2 * MARGIN + width, floor }, placed, null),
  );
});
