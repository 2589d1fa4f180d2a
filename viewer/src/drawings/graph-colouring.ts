/** Graph colouring: nodes with the colour that they have as ground and as letters, the colours that open nodes have lost, edges that are broken. */
import { fit, layout, type Point } from "./graph-layout";
import { bends, drawLine, halo } from "./graph-parts";
import { drawing, element, fields, fitting, group, list, number, numbers, picture, text, tone, warning } from "./shared";
import { contradiction, readChoice, readValues } from "./values";

const NAMES = ["red", "green", "blue", "yellow", "black", "white", "orange", "purple", "brown", "pink", "grey", "cyan"];
/** Letters that tell the colours apart: black, blue and brown begin alike. */
const LETTERS = ["R", "G", "B", "Y", "K", "W", "O", "P", "Br", "Pi", "Gy", "C"];
const MOST_NODES = 120;
const MOST_EDGES = 1200;

interface Laid {
  nodes: number;
  colours: number;
  edges: [number, number][];
  points: Point[];
  bend: number[];
  room: number;
  radius: number;
}

function prepare(puzzle: Record<string, unknown>): Laid | null {
  const [nodes, colours] = [number(puzzle.nodes), number(puzzle.colours)];
  if (nodes === null || colours === null || nodes < 1 || nodes > MOST_NODES || colours < 1 || colours > NAMES.length || list(puzzle.edges).length > MOST_EDGES) return null;
  const edges: [number, number][] = [];
  for (const edge of list(puzzle.edges)) {
    const ends = numbers(edge, 2);
    if (ends === null || ends.length !== 2 || ends.some((node) => !Number.isInteger(node) || node < 1 || node > nodes)) return null;
    edges.push([ends[0] - 1, ends[1] - 1]);
  }
  const room = nodes <= 8 ? 300 : nodes <= 20 ? 400 : nodes <= 28 ? 450 : nodes <= 40 ? 500 : 640;
  const radius = nodes <= 28 ? 16 : nodes <= 40 ? 14 : 12;
  const points = fit(layout(nodes, edges, null, false), room, room * 0.78, radius + 6, 2.7 * radius);
  return { nodes, colours, edges, points, bend: bends(points, edges, radius, false), room, radius };
}

const laid = new WeakMap<object, Laid | null>();

/** The ground of a colour. Its letter stands on it, so the colour alone need not be told. */
const ground = (colour: number): string => `color-mix(in oklab, var(--colour-${NAMES[colour]}) 100%, transparent)`;

function drawNode(graph: Laid, node: number, value: string | null, left: number[], changed: boolean): SVGElement {
  const { x, y } = graph.points[node];
  const { radius } = graph;
  const colour = value === null ? -1 : NAMES.indexOf(value);
  const open = colour < 0;
  const ink = open ? tone.ink : ["black", "blue", "purple", "brown", "red"].includes(NAMES[colour]) ? "var(--colour-white)" : "var(--colour-black)";
  const letters = left.map((one) => LETTERS[one]).join("");
  const candidates = left.length === 0 ? "✗" : letters.length <= 4 ? letters : String(left.length);
  return group(
    {},
    element("circle", { cx: x, cy: y, r: radius, fill: open ? tone.paper : ground(colour), stroke: changed ? tone.now : tone.ink, "stroke-width": changed ? 4 : 1.5, "stroke-dasharray": open ? "3 2.5" : undefined }),
    text(x, y - radius * 0.38, node + 1, { "font-size": radius * 0.66, fill: ink }),
    !open && text(x, y + radius * 0.34, LETTERS[colour], { "font-size": radius * 0.9, "font-weight": 800, fill: ink }),
    open && text(x, y + radius * 0.36, candidates, { "font-size": fitting(candidates, radius * 1.5, radius * 0.62), fill: left.length === 0 ? tone.bad : tone.muted, "font-weight": 600 }),
  );
}

/** A cross on an edge whose ends have the same colour. */
function drawBroken(from: Point, to: Point): SVGElement {
  return halo((from.x + to.x) / 2, (from.y + to.y) / 2, "✗", { "font-size": 18, fill: tone.bad, "font-weight": 800 });
}

export const draw = drawing((scene) => {
  if (typeof scene.puzzle !== "object" || scene.puzzle === null) return null;
  if (!laid.has(scene.puzzle)) laid.set(scene.puzzle, prepare(fields(scene.puzzle)));
  const graph = laid.get(scene.puzzle) ?? null;
  const values = graph === null ? null : readValues(scene.state, graph.nodes, NAMES.slice(0, graph.colours));
  if (graph === null || values === null) return null;
  const choice = readChoice(scene.move);
  const same = ([a, b]: [number, number]): boolean => values.decided[a] !== null && values.decided[a] === values.decided[b];
  const edges = graph.edges.map((edge, place) => {
    const broken = same(edge);
    return drawLine({ from: graph.points[edge[0]], to: graph.points[edge[1]], radius: graph.radius, arrow: false, bend: graph.bend[place], colour: broken ? tone.bad : tone.line, width: broken ? 4 : 1.5 });
  });
  const near = (node: number): number[] => graph.edges.flatMap(([a, b]) => (a === node ? [b] : b === node ? [a] : []));
  const left = (node: number): number[] => {
    const taken = new Set(near(node).map((other) => values.decided[other]));
    const lost = values.lost.get(`n${node + 1}`) ?? new Set<string>();
    return Array.from({ length: graph.colours }, (_, colour) => colour).filter((colour) => !taken.has(NAMES[colour]) && !lost.has(NAMES[colour]));
  };
  const nodes = graph.points.map((_, node) => drawNode(graph, node, values.decided[node], left(node), choice?.variable === `n${node + 1}`));
  const top = graph.room * 0.78;
  const room = graph.room / Math.min(graph.colours, 6);
  const legend = NAMES.slice(0, graph.colours).map((name, place) => {
    const [x, y] = [(place % 6) * room, top + 14 + Math.floor(place / 6) * 22];
    return group({}, element("circle", { cx: x + 16, cy: y, r: 8, fill: ground(place), stroke: tone.ink }), text(x + 29, y, `${LETTERS[place]} ${name}`, { "text-anchor": "start", "font-size": 13 }));
  });
  const decided = values.decided.filter((one) => one !== null).length;
  return picture(
    graph.room,
    top + 8 + 22 * Math.ceil(graph.colours / 6) + (values.contradicts ? 22 : 0),
    `Graph of ${graph.nodes} nodes in ${graph.colours} colours, ${decided} coloured.`,
    ...edges,
    ...graph.edges.filter(same).map(([a, b]) => drawBroken(graph.points[a], graph.points[b])),
    ...nodes,
    ...legend,
    warning(8, top + 16 + 22 * Math.ceil(graph.colours / 6), contradiction(values, choice)),
  );
});
