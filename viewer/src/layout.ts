// Where the nodes of a search tree stand. The whole tree is laid out once, so that no node moves while it grows.

/** More nodes than this are not drawn at once: subtrees are collapsed, the deepest first. */
export const MOST_NODES = 100_000;

const STEP = 3; // between a node and its children, in breadths of a leaf
const CHAIN = 1; // the same where there is only one child

export interface Layout {
  /** Places in units of a leaf's breadth; NaN for nodes inside of collapsed subtrees. */
  across: Float32Array;
  down: Float32Array;
  breadth: number;
  depth: number;
  /** The nodes that are shown, parents before children. */
  shown: Int32Array;
  /** How many nodes are hidden below a node. */
  hidden: Int32Array;
  /** By node: the node that is shown for it, itself or a collapsed one above. */
  standIn: Int32Array;
}

/** Children of all nodes, in the order of their numbers. */
export class Children {
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly count: Int32Array;
  readonly roots: number[] = [];

  constructor(parent: Int32Array) {
    const nodes = parent.length;
    this.first = new Int32Array(nodes).fill(-1);
    this.next = new Int32Array(nodes).fill(-1);
    this.count = new Int32Array(nodes);
    for (let node = nodes - 1; node >= 0; node--) {
      const above = parent[node];
      if (above < 0) {
        this.roots.unshift(node);
        continue;
      }
      this.next[node] = this.first[above];
      this.first[above] = node;
      this.count[above]++;
    }
  }
}

/** Lays a tree out. `opened` are nodes that were collapsed and that the reader opened. */
export function layout(parent: Int32Array, children: Children, opened: ReadonlySet<number> = new Set()): Layout {
  const nodes = parent.length;
  const shown = choose(children, nodes, opened);
  const standIn = new Int32Array(nodes).fill(-1);
  const across = new Float32Array(nodes).fill(NaN);
  const down = new Float32Array(nodes).fill(NaN);
  const hidden = new Int32Array(nodes);
  for (const node of shown) standIn[node] = node;
  let depth = 0;
  for (let node = 0; node < nodes; node++) {
    const above = parent[node];
    const isRoot = above < 0;
    if (standIn[node] < 0) {
      standIn[node] = isRoot ? node : standIn[above];
      hidden[standIn[node]]++;
      continue;
    }
    down[node] = isRoot ? 0 : down[above] + (children.count[above] === 1 ? CHAIN : STEP);
    depth = Math.max(depth, down[node]);
  }
  const breadth = placeAcross(children, standIn, across);
  return { across, down, breadth, depth, shown, hidden, standIn };
}

/** The nodes that are shown: all, or the uppermost as far as the number goes, and what the reader opened. */
function choose(children: Children, nodes: number, opened: ReadonlySet<number>): Int32Array {
  if (nodes <= MOST_NODES) return Int32Array.from({ length: nodes }, (_, node) => node);
  const chosen: number[] = [...children.roots];
  for (let at = 0; at < chosen.length && chosen.length < MOST_NODES; at++) {
    for (let child = children.first[chosen[at]]; child >= 0; child = children.next[child]) chosen.push(child);
  }
  const have = new Set(chosen);
  for (const node of opened) {
    const below: number[] = have.has(node) ? [node] : [];
    for (let at = 0, added = 0; at < below.length && added < MOST_NODES / 10; at++) {
      for (let child = children.first[below[at]]; child >= 0; child = children.next[child], added++) {
        below.push(child);
        have.add(child);
      }
    }
  }
  return Int32Array.from(have).sort();
}

/** Each leaf has a place of its own, a parent stands over the middle of its children. Returns the breadth of all. */
function placeAcross(children: Children, standIn: Int32Array, across: Float32Array): number {
  let place = 0;
  const firstChild = (node: number) => nextShown(children.first[node]);
  const nextShown = (node: number) => {
    while (node >= 0 && standIn[node] !== node) node = children.next[node];
    return node;
  };
  // Without recursion: a chain may be as deep as the trace is long.
  const stack: number[] = [];
  const leftmost: number[] = [];
  for (const root of children.roots) {
    let node = standIn[root] === root ? root : -1;
    while (node >= 0) {
      const child = firstChild(node);
      if (child >= 0) {
        stack.push(node);
        leftmost.push(-1);
        node = child;
        continue;
      }
      across[node] = place++;
      node = climb(node);
    }
  }
  return Math.max(0, place - 1);

  function climb(node: number): number {
    for (;;) {
      if (stack.length === 0) return -1;
      const top = stack.length - 1;
      if (leftmost[top] < 0) leftmost[top] = across[node];
      const sibling = nextShown(children.next[node]);
      if (sibling >= 0) return sibling;
      const above = stack[top];
      across[above] = (leftmost[top] + across[node]) / 2;
      stack.pop();
      leftmost.pop();
      node = above;
    }
  }
}
