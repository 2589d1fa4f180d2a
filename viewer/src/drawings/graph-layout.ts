/** Places for the nodes of a graph that has no coordinates: always the same for the same graph, and found in a few milliseconds. */

export interface Point {
  x: number;
  y: number;
}

export type Edge = readonly [from: number, to: number];

/** Graphs up to this size are laid out by distances between all pairs. */
const MOST_FOR_STRESS = 160;
const ROUNDS = 30;

/** The neighbours of each node, in both directions. */
function neighbours(nodes: number, edges: readonly Edge[]): number[][] {
  const near: number[][] = Array.from({ length: nodes }, () => []);
  for (const [from, to] of edges) {
    near[from].push(to);
    near[to].push(from);
  }
  return near;
}

/** Edges between a node and all others; -1 where there is no way. */
function distances(from: number, near: readonly number[][]): Int32Array {
  const far = new Int32Array(near.length).fill(-1);
  far[from] = 0;
  const queue = [from];
  for (const node of queue) {
    for (const next of near[node]) {
      if (far[next] < 0) {
        far[next] = far[node] + 1;
        queue.push(next);
      }
    }
  }
  return far;
}

/** Numbers from 0 to 1 that look random and are always the same (the generator of Park and Miller). */
function sequence(): () => number {
  let state = 20_260_101;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/**
 * Nodes as far apart as they have edges between them, as well as the plane allows: stress is reduced pair by pair, with smaller steps in each round
 * (Zheng, Pawar and Goodman 2018, "Graph drawing by stochastic gradient descent").
 */
function byStress(nodes: number, near: readonly number[][]): Point[] {
  const random = sequence();
  const points = Array.from({ length: nodes }, (): Point => ({ x: random(), y: random() }));
  const pairs: [number, number, number][] = [];
  let farthest = 1;
  for (let one = 0; one < nodes; one++) {
    const far = distances(one, near);
    for (let other = one + 1; other < nodes; other++) {
      if (far[other] > 0) farthest = Math.max(farthest, far[other]);
      pairs.push([one, other, far[other]]);
    }
  }
  const apart = Math.min(farthest + 1, 3); // parts without a way between them
  for (let round = 0; round < ROUNDS; round++) {
    const step = farthest * farthest * Math.pow(0.05 / (farthest * farthest), round / (ROUNDS - 1));
    for (let left = pairs.length - 1; left > 0; left--) {
      const place = Math.floor(random() * (left + 1));
      [pairs[left], pairs[place]] = [pairs[place], pairs[left]];
    }
    for (const [one, other, way] of pairs) {
      const wanted = way > 0 ? way : apart;
      const [a, b] = [points[one], points[other]];
      const [dx, dy] = [a.x - b.x, a.y - b.y];
      const length = Math.sqrt(dx * dx + dy * dy) || 1e-9;
      const shift = (Math.min(1, step / (wanted * wanted)) * (length - wanted)) / 2 / length;
      a.x -= shift * dx;
      a.y -= shift * dy;
      b.x += shift * dx;
      b.y += shift * dy;
    }
  }
  return levelled(points);
}

/** Turned so that the points reach farthest from left to right. */
function levelled(points: Point[]): Point[] {
  const mean = { x: 0, y: 0 };
  for (const point of points) {
    mean.x += point.x / points.length;
    mean.y += point.y / points.length;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (const { x, y } of points) {
    xx += (x - mean.x) ** 2;
    xy += (x - mean.x) * (y - mean.y);
    yy += (y - mean.y) ** 2;
  }
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return points.map(({ x, y }) => ({ x: x * cos + y * sin, y: y * cos - x * sin }));
}

/** The row of each node by the longest way to it; null if the edges run in a circle. */
function ranks(nodes: number, edges: readonly Edge[]): number[] | null {
  const rank: number[] = new Array<number>(nodes).fill(0);
  const waiting: number[] = new Array<number>(nodes).fill(0);
  const next: number[][] = Array.from({ length: nodes }, () => []);
  for (const [from, to] of edges) {
    next[from].push(to);
    waiting[to]++;
  }
  const queue = rank.map((_, node) => node).filter((node) => waiting[node] === 0);
  for (const node of queue) {
    for (const to of next[node]) {
      rank[to] = Math.max(rank[to], rank[node] + 1);
      if (--waiting[to] === 0) queue.push(to);
    }
  }
  return queue.length === nodes ? rank : null;
}

/** Nodes in rows, each near the middle of its neighbours in the other rows (Sugiyama, Tagawa and Toda 1981). */
function byRows(rank: readonly number[], near: readonly number[][]): Point[] {
  const rows: number[][] = [];
  rank.forEach((row, node) => (rows[row] ??= []).push(node));
  const x: number[] = new Array<number>(rank.length).fill(0);
  const spread = (row: number[]): void => row.forEach((node, place) => (x[node] = (place + 0.5) / row.length));
  rows.forEach(spread);
  for (let sweep = 0; sweep < 8; sweep++) {
    for (const row of sweep % 2 === 0 ? rows : [...rows].reverse()) {
      const wanted = new Map(row.map((node) => [node, near[node].reduce((sum, other) => sum + x[other], 0) / (near[node].length || 1)]));
      row.sort((one, other) => (wanted.get(one) ?? 0) - (wanted.get(other) ?? 0) || one - other);
      spread(row);
    }
  }
  const widest = Math.max(...rows.map((row) => row.length));
  return rank.map((row, node) => ({ x: x[node] * widest, y: row * 1.3 }));
}

/** A star: the middle, and arms that go out from it, each node behind the one before; null if the graph is none. */
function asStar(middle: number, nodes: number, edges: readonly Edge[]): Point[] | null {
  const next: number[][] = Array.from({ length: nodes }, () => []);
  const into: number[] = new Array<number>(nodes).fill(0);
  for (const [from, to] of edges) {
    next[from].push(to);
    into[to]++;
  }
  const arms = next[middle];
  const fits = next.every((after, node) => node === middle || (after.length <= 1 && into[node] === 1));
  if (!fits || into[middle] > 0 || arms.length < 3 || edges.length !== nodes - 1) return null;
  const points: Point[] = Array.from({ length: nodes }, () => ({ x: 0, y: 0 }));
  arms.forEach((first, arm) => {
    const angle = (2 * Math.PI * arm) / arms.length - Math.PI / 2;
    let node: number | undefined = first;
    for (let steps = 1; node !== undefined && steps <= nodes; steps++) {
      const out: number = steps + 0.4 + Math.max(0, arms.length - 6) / 6;
      points[node] = { x: out * Math.cos(angle), y: out * Math.sin(angle) };
      node = next[node][0];
    }
  });
  return points;
}

/** Places for nodes: a star or rows where the graph is one, otherwise by distances. The places have no unit; see [`fit`]. */
export function layout(nodes: number, edges: readonly Edge[], start: number | null, directed: boolean): Point[] {
  const near = neighbours(nodes, edges);
  const star = directed && start !== null ? asStar(start, nodes, edges) : null;
  if (star) return star;
  const rank = directed ? ranks(nodes, edges) : null;
  const rows = rank === null ? 0 : Math.max(...rank) + 1;
  if (rank && rows > 2) return byRows(rank, near);
  if (nodes <= MOST_FOR_STRESS) return byStress(nodes, near);
  const far = [...distances(start ?? 0, near)];
  const last = Math.max(...far) + 1;
  return byRows(far.map((way) => (way < 0 ? last : way)), near);
}

/** Moves and stretches points into a box; those that are nearer to each other than `apart` are pushed away from each other. */
export function fit(points: readonly Point[], width: number, height: number, margin: number, apart: number): Point[] {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const across = (width - 2 * margin) / (Math.max(...xs) - left || 1);
  const down = (height - 2 * margin) / (Math.max(...ys) - top || 1);
  // shapes stay what they are: neither direction is stretched by more than a third over the other
  const [scaleX, scaleY] = [Math.min(across, 1.35 * down), Math.min(down, 1.35 * across)];
  const shift = { x: (width - scaleX * (Math.max(...xs) - left)) / 2, y: (height - scaleY * (Math.max(...ys) - top)) / 2 };
  const places = points.map(({ x, y }) => ({ x: shift.x + (x - left) * scaleX, y: shift.y + (y - top) * scaleY }));
  for (let round = 0; round < 40 && places.length <= MOST_FOR_STRESS && pushApart(places, apart); round++) {
    for (const place of places) {
      place.x = Math.min(width - margin, Math.max(margin, place.x));
      place.y = Math.min(height - margin, Math.max(margin, place.y));
    }
  }
  return places;
}

/** The way between the two points that are nearest to each other. */
export function nearest(points: readonly Point[]): number {
  let least = Infinity;
  points.forEach((one, at) => {
    for (let next = at + 1; next < points.length; next++) {
      const [dx, dy] = [points[next].x - one.x, points[next].y - one.y];
      least = Math.min(least, dx * dx + dy * dy);
    }
  });
  return Math.sqrt(least);
}

/** Pushes all pairs that are too near a little apart; whether there was one. */
function pushApart(places: Point[], apart: number): boolean {
  let moved = false;
  places.forEach((one, at) => {
    for (let next = at + 1; next < places.length; next++) {
      const other = places[next];
      const [dx, dy] = [other.x - one.x, other.y - one.y];
      if (dx * dx + dy * dy >= apart * apart) continue;
      const length = Math.sqrt(dx * dx + dy * dy);
      moved = true;
      // two at the same place go to the sides
      const [right, below] = length > 0.01 ? [dx / length, dy / length] : [1, 0.3];
      const push = (apart - length) / 2 + 0.1;
      one.x -= right * push;
      one.y -= below * push;
      other.x += right * push;
      other.y += below * push;
    }
  });
  return moved;
}
