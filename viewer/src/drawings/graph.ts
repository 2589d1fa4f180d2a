/** Graphs and path-stars: nodes with the order of their visits, edges with weights and directions, the path from the start to the current node. */
import { fit, layout, nearest, type Point } from "./graph-layout";
import { bends, clearest, drawLine, drawWeight, halo, weightPlaces as possiblePlaces } from "./graph-parts";
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
  /** How much farther than the radius each node reaches to the sides, so that its name has room. */
  wider: number[];
  /** How far each edge bends. */
  bend: number[];
  /** Where the weights stand, and the words beside the first node and the goals: the same at all steps. */
  weightPlaces: Point[];
  tagPlaces: Point[];
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
  const longest = Math.max(...graph.names.map((name) => name.length));
  const room = (nodes <= 12 ? 340 : nodes <= 30 ? 440 : nodes <= 80 ? 560 : 760) * (longest > 4 ? 1.3 : 1);
  const least = nodes <= 12 ? 16 : nodes <= 30 ? 14 : nodes <= 80 ? 12 : nodes <= 250 ? 8 : 4;
  const told = coordinates(fields(puzzle).coordinates, nodes);
  const places = told ?? layout(nodes, graph.edges.map(({ from, to }) => [from, to] as const), graph.start, graph.directed);
  const [across, down] = [spread(places.map(({ x }) => x)), spread(places.map(({ y }) => y))];
  const height = Math.max(room * 0.5, Math.min(room, room * (down / (across || 1))));
  const widerAt = (size: number): number[] => graph.names.map((name) => (size < 8 ? 0 : Math.max(0, Math.min(12, name.length) * size * 0.25 - size * 0.7)));
  const widest = Math.max(...widerAt(least));
  const points = fit(places, room, height, least + 16 + widest, 3 * least + widest);
  // larger nodes where all have room
  const radius = least < 8 || nodes > 250 ? least : Math.max(least, Math.min(15, 0.36 * (nearest(points) - widest)));
  const wider = widerAt(radius);
  const bend = bends(points, graph.edges.map(({ from, to }) => [from, to] as const), radius, graph.directed);
  const weightPlaces = placeWeights(graph, points, bend);
  const placed = { ...graph, points, width: room, height, radius, wider, bend, weightPlaces };
  return { ...placed, tagPlaces: placeTags(placed) };
}

/** Where the weights have most room; nowhere in graphs in which nobody could read them. */
function placeWeights(graph: Graph, points: Point[], bend: number[]): Point[] {
  if (!graph.weighted || graph.edges.length > 150) return [];
  const taken: Point[] = [];
  graph.edges.forEach(({ from, to }, edge) => {
    const line = { from: points[from], to: points[to], bend: bend[edge] };
    taken.push(clearest(possiblePlaces(line), [...points, ...taken], 22));
  });
  return taken;
}

/** Where the words beside the first node and the goals have most room between nodes, weights and edges. */
function placeTags(graph: Omit<Laid, "tagPlaces">): Point[] {
  return [graph.start, ...graph.goals].map((node) => {
    const { x, y } = graph.points[node];
    const far = graph.radius + 12;
    const ends = graph.edges.filter(({ from, to }) => from === node || to === node).map(({ from, to }) => graph.points[from === node ? to : from]);
    const edges = ends.map((end) => {
      const length = Math.hypot(end.x - x, end.y - y) || 1;
      return { x: x + ((end.x - x) / length) * far, y: y + ((end.y - y) / length) * far };
    });
    const [side, up] = [far + 10 + graph.wider[node], far - 4];
    const beside = [{ x: x + side, y }, { x: x - side, y }, ...[-1, 1].flatMap((one) => [{ x: x + one * (side - 2), y: y + up }, { x: x + one * (side - 2), y: y - up }])];
    const places = [{ x, y: y + far }, { x, y: y - far }, ...beside];
    const inside = places.filter((at) => at.x > 20 && at.x < graph.width - 20 && at.y > 8 && at.y < graph.height - 8);
    return clearest(inside.length > 0 ? inside : places, [...graph.points.filter((_, other) => other !== node), ...graph.weightPlaces, ...edges], 26);
  });
}

function drawTags(graph: Laid): (SVGElement | null)[] {
  if (graph.radius < 8) return [];
  return graph.tagPlaces.map(({ x, y }, place) => {
    const both = graph.goals.includes(graph.start);
    if (place > 0 && graph.goals[place - 1] === graph.start) return null;
    const tag = place === 0 ? (both ? "start, goal" : "start") : graph.goals.length > 1 ? "goal?" : "goal";
    return halo(x, y, tag, { "font-size": 12.5, "font-weight": 700, fill: place === 0 ? tone.ink : tone.good });
  });
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

/** A circle, or a longer shape with round ends. */
const pill = (x: number, y: number, radius: number, wider: number) => ({ x: x - radius - wider, y: y - radius, width: 2 * (radius + wider), height: 2 * radius, rx: radius });

function drawNode(graph: Laid, node: number, status: Status): SVGElement {
  const { x, y } = graph.points[node];
  const { radius } = graph;
  const goal = graph.goals.includes(node);
  const fill = status.order === null ? tone.paper : `color-mix(in oklab, var(--seen-last) ${Math.round(65 * status.age)}%, var(--seen-first))`;
  const edge = status.here ? tone.now : status.onPath ? tone.accent : goal ? tone.good : tone.ink;
  const name = graph.names[node];
  const wider = graph.wider[node];
  const order = radius >= 11 ? status.order : null;
  return group(
    {},
    goal && element("rect", { ...pill(x, y, radius + 4, wider), fill: tone.paper, stroke: tone.good, "stroke-width": 2 }),
    element("rect", { ...pill(x, y, radius, wider), fill, stroke: edge, "stroke-width": status.here ? 4 : status.onPath ? 3 : 1.5 }),
    radius >= 8 && text(x, order !== null ? y - radius * 0.3 : y, name, { "font-size": fitting(name, 2 * (radius + wider) - 6, radius * (order !== null ? 0.82 : 0.95)), "font-weight": 700 }),
    order !== null && text(x, y + radius * 0.5, order + 1, { "font-size": radius * 0.68, fill: tone.ink }),
  );
}

/** Each node of a way with the next one. */
const pairs = (way: number[]): Set<string> => new Set(way.slice(1).map((to, step) => `${way[step]} ${to}`));

export const draw = drawing((scene) => {
  const graph = remembered(scene.puzzle);
  if (graph === null) return null;
  const place = (state: string | null): number => graph.names.indexOf(words(state).join(" "));
  const here = scene.state === null ? graph.start : place(scene.state);
  if (here < 0) return null;
  const path = (scene.path ?? []).map(place);
  const steps = pairs(path);
  const seen = new Map([...(scene.seen ?? [])].map(([state, order]) => [place(state), order]));
  const used = graph.edges.map(({ from, to }) => steps.has(`${from} ${to}`) || (!graph.directed && steps.has(`${to} ${from}`)));
  const solution = pairs((scene.solution ?? []).map(place));
  const solves = graph.edges.map(({ from, to }) => solution.has(`${from} ${to}`) || (!graph.directed && solution.has(`${to} ${from}`)));
  const lines = graph.edges.map(({ from, to }, edge) => {
    const look = used[edge] ? { colour: tone.accent, width: 4 } : solves[edge] ? { colour: tone.good, width: 3, dashes: "5 4" } : { colour: tone.line, width: 1.5 };
    return drawLine({ from: graph.points[from], to: graph.points[to], radius: graph.radius, arrow: graph.directed, wider: [graph.wider[from], graph.wider[to]], bend: graph.bend[edge], ...look });
  });
  const weights = graph.weightPlaces.map((at, edge) => drawWeight(at, graph.edges[edge].weight, used[edge]));
  const nodes = graph.names.map((_, node) => {
    const order = seen.get(node) ?? null;
    return drawNode(graph, node, { here: node === here, onPath: path.includes(node), order, age: order === null ? 0 : Math.min(1, Math.max(0, order / Math.max(1, seen.size - 1))) });
  });
  const alone = graph.alone > 0 ? [text(graph.width - 8, graph.height + 6, `and ${graph.alone} ${graph.alone === 1 ? "node" : "nodes"} without edges`, { "text-anchor": "end", "font-size": 12, fill: tone.muted })] : [];
  const named = graph.goals.map((goal) => graph.names[goal]).join(" or ");
  return picture(graph.width, graph.height + (alone.length > 0 ? 18 : 0), `Graph of ${graph.names.length} nodes, from ${graph.names[graph.start]} to ${named}; now at ${graph.names[here]}.`, ...lines.filter((_, edge) => !used[edge]), ...lines.filter((_, edge) => used[edge]), ...weights, ...nodes, ...drawTags(graph), ...alone);
});
