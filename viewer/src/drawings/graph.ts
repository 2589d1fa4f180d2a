/** Graphs and path-stars: nodes with the order of their visits, edges with weights and directions, the path from the start to the current node. */
import { fit, layout, type Point } from "./graph-layout";
import { drawLine, drawWeight, halo, type Line } from "./graph-parts";
import { drawing, element, fields, fitting, group, list, number, picture, text, tone, words } from "./shared";

const MOST_NODES = 1500;
const MOST_EDGES = 6000;

interface Graph {
  names: string[];
  edges: { from: number; to: number; weight: number }[];
  directed: boolean;
  weighted: boolean;
  start: number;
  goals: number[];
  /** Nodes without edges, which are only counted. */
  alone: number;
}

interface Laid extends Graph {
  points: Point[];
  width: number;
  height: number;
  radius: number;
}

const isName = (value: unknown): value is string | number => typeof value === "string" || typeof value === "number";

/** The graph of a puzzle, with those of its nodes that have edges; null if it is not as expected. */
function read(value: unknown): Graph | null {
  const puzzle = fields(value);
  const goals = puzzle.goal === undefined ? list(puzzle.candidates) : [puzzle.goal];
  if (!isName(puzzle.start) || !goals.every(isName) || list(puzzle.edges).length > MOST_EDGES) return null;
  const index = new Map<string, number>();
  const node = (name: string | number): number => {
    const known = index.get(String(name));
    if (known !== undefined) return known;
    index.set(String(name), index.size);
    return index.size - 1;
  };
  const listed = Array.isArray(puzzle.nodes) ? puzzle.nodes.length : number(puzzle.nodes);
  // all nodes in their order where there are coordinates or names for them
  if (Array.isArray(puzzle.nodes)) puzzle.nodes.filter(isName).slice(0, MOST_NODES).forEach(node);
  else if (Array.isArray(puzzle.coordinates)) inOrder(puzzle.coordinates.length, typeof puzzle.start === "number").forEach(node);
  const start = node(puzzle.start);
  const edges = [];
  for (const edge of list(puzzle.edges)) {
    const [from, to, weight] = list(edge);
    if (!isName(from) || !isName(to)) return null;
    edges.push({ from: node(from), to: node(to), weight: number(weight) ?? 1 });
  }
  const ends = goals.map(node);
  if (index.size > MOST_NODES) return null;
  const weighted = list(puzzle.edges).some((edge) => list(edge).length > 2);
  return { names: [...index.keys()], edges, directed: puzzle.directed === true, weighted, start, goals: ends, alone: Math.max(0, (listed ?? 0) - index.size) };
}

/** Names that a puzzle does not list: 0, 1, 2 … or A … Z, AA … */
function inOrder(count: number, asNumbers: boolean): string[] {
  const letters = (index: number): string => (index < 26 ? "" : letters(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));
  return Array.from({ length: Math.min(count, MOST_NODES) }, (_, index) => (asNumbers ? String(index) : letters(index)));
}

/** Coordinates of all nodes, or null. */
function coordinates(value: unknown, nodes: number): Point[] | null {
  const points = list(value).map((pair) => ({ x: number(list(pair)[0]), y: number(list(pair)[1]) }));
  const whole = points.length === nodes && points.every(({ x, y }) => x !== null && y !== null);
  return whole ? (points as Point[]) : null;
}

function prepare(puzzle: unknown): Laid | null {
  const graph = read(puzzle);
  if (graph === null) return null;
  const nodes = graph.names.length;
  const room = nodes <= 12 ? 300 : nodes <= 30 ? 400 : nodes <= 80 ? 520 : 760;
  const radius = nodes <= 12 ? 15 : nodes <= 30 ? 13 : nodes <= 80 ? 11 : nodes <= 250 ? 8 : 4;
  const told = coordinates(fields(puzzle).coordinates, nodes);
  const places = told ?? layout(nodes, graph.edges.map(({ from, to }) => [from, to] as const), graph.start, graph.directed);
  const [across, down] = [spread(places.map(({ x }) => x)), spread(places.map(({ y }) => y))];
  const height = Math.max(room * 0.4, Math.min(room, room * (down / (across || 1))));
  const margin = radius + 16;
  return { ...graph, points: fit(places, room, height, margin, 1.5 * radius), width: room, height, radius };
}

const spread = (all: number[]): number => Math.max(...all) - Math.min(...all) || 1;

/** What was laid out before, by the puzzle itself: a drawing is made anew at every step. */
const laid = new WeakMap<object, Laid | null>();

function remembered(puzzle: unknown): Laid | null {
  if (typeof puzzle !== "object" || puzzle === null) return null;
  if (!laid.has(puzzle)) laid.set(puzzle, prepare(puzzle));
  return laid.get(puzzle) ?? null;
}

interface Status {
  here: boolean;
  onPath: boolean;
  order: number | null;
  /** Where the visit stands among all, from 0 to 1. */
  age: number;
}

function drawNode(graph: Laid, node: number, status: Status): SVGElement {
  const { x, y } = graph.points[node];
  const { radius } = graph;
  const goal = graph.goals.includes(node);
  const fill = status.order === null ? tone.paper : `color-mix(in oklab, var(--seen-last) ${Math.round(100 * status.age)}%, var(--seen-first))`;
  const edge = status.here ? tone.now : status.onPath ? tone.accent : goal ? tone.good : tone.ink;
  const name = graph.names[node];
  const tag = node === graph.start ? "start" : goal ? (graph.goals.length > 1 ? "goal?" : "goal") : "";
  return group(
    {},
    goal && element("circle", { cx: x, cy: y, r: radius + 4, fill: tone.paper, stroke: tone.good, "stroke-width": 2 }),
    element("circle", { cx: x, cy: y, r: radius, fill, stroke: edge, "stroke-width": status.here ? 4 : status.onPath ? 3 : 1.5 }),
    radius >= 8 && text(x, y, name, { "font-size": fitting(name, 2 * radius - 5, radius), "font-weight": 600 }),
    tag && halo(x, y + radius + (goal ? 12 : 9), tag, { "font-size": 12, "font-weight": 700, fill: goal ? tone.good : tone.ink }),
    status.order !== null && radius >= 11 && halo(x + radius, y - radius + 1, String(status.order), { "font-size": 10, fill: tone.muted, "font-weight": 600 }),
  );
}

export const draw = drawing((scene) => {
  const graph = remembered(scene.puzzle);
  if (graph === null) return null;
  const place = (state: string | null): number => graph.names.indexOf(words(state).join(" "));
  const here = scene.state === null ? graph.start : place(scene.state);
  if (here < 0) return null;
  const path = (scene.path ?? []).map(place);
  const steps = new Set(path.slice(1).map((to, step) => `${path[step]} ${to}`));
  const seen = new Map([...(scene.seen ?? [])].map(([state, order]) => [place(state), order]));
  const back = new Set(graph.edges.map(({ from, to }) => `${to} ${from}`));

  const lines = graph.edges.map(({ from, to, weight }): { line: Line; weight: number; used: boolean } => {
    const reversed = !graph.directed && steps.has(`${to} ${from}`);
    const used = steps.has(`${from} ${to}`) || reversed;
    const [a, b] = [graph.points[from], graph.points[to]];
    const line = { from: a, to: b, radius: graph.radius, arrow: graph.directed, bent: graph.directed && back.has(`${from} ${to}`), colour: used ? tone.accent : tone.line, width: used ? 4 : 1.5 };
    return { line, weight, used };
  });
  lines.sort((one, other) => Number(one.used) - Number(other.used));
  const weights = graph.weighted && graph.edges.length <= 150 ? lines.map(({ line, weight, used }) => drawWeight(line, weight, used)) : [];
  const nodes = graph.names.map((_, node) => {
    const order = seen.get(node) ?? null;
    return drawNode(graph, node, { here: node === here, onPath: path.includes(node), order, age: order === null ? 0 : order / Math.max(1, seen.size) });
  });
  const alone = graph.alone > 0 ? [text(graph.width - 8, graph.height - 9, `and ${graph.alone} nodes without edges`, { "text-anchor": "end", "font-size": 12, fill: tone.muted })] : [];
  const named = graph.goals.map((goal) => graph.names[goal]).join(" or ");
  return picture(graph.width, graph.height + (alone.length > 0 ? 8 : 0), `Graph of ${graph.names.length} nodes, from ${graph.names[graph.start]} to ${named}; now at ${graph.names[here]}.`, ...lines.map(({ line }) => drawLine(line)), ...weights, ...nodes, ...alone);
});
