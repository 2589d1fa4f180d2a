// Bins as an axis: every bin is equally wide on the screen, whatever numbers it holds, so that a long tail stays readable.

/** Where a number stands on an axis on which bin i reaches from i to i + 1. A bin of one number has it in its middle. */
export function position(edges: number[], value: number): number {
  const last = edges.length - 2;
  let bin = 0;
  while (bin < last && value >= edges[bin + 1]) bin++;
  return Math.min(bin + (value - edges[bin] + 0.5) / (edges[bin + 1] - edges[bin]), last + 1);
}

/** The edges to label on an axis with room for so many labels: every one, or every second, fifth, tenth …, and round ones where there are some. */
export function ticks(edges: number[], room: number): number[] {
  const starts = edges.slice(0, -1);
  const whole = edges[edges.length - 1] - edges[0] === starts.length;
  const step = edges[1] - edges[0];
  const equal = edges.every((edge, at) => at === 0 || edge - edges[at - 1] === step);
  const stride = [1, 2, 5, 10, 20, 50].find((stride) => starts.length / stride <= room) ?? starts.length;
  if (equal) {
    const round = (whole ? starts : edges).filter((edge) => edge % (stride * step) === 0);
    return round.length > 0 ? round : [starts[0]];
  }
  // Uneven bins grow by about a factor of the square root of two: every second one is a power of two.
  const every = [1, 2, 4, 6, 8].find((every) => starts.length / every <= room) ?? starts.length;
  const powers = starts.filter((edge) => every === 1 || Number.isInteger(Math.log2(edge)));
  return powers.filter((_, at) => at % Math.max(1, every / 2) === 0);
}

/** A step line over bins: two points for each bin. */
export function steps(counts: number[], whole: number): { x: number; y: number }[] {
  return counts.flatMap((count, bin) => {
    const y = whole === 0 ? 0 : (100 * count) / whole;
    return [
      { x: bin, y },
      { x: bin + 1, y },
    ];
  });
}

/** The numbers that a bin holds, as text. */
export function rangeOf(edges: number[], bin: number): string {
  const [from, to] = [edges[bin], edges[bin + 1] - 1];
  return from === to ? from.toLocaleString("en") : `${from.toLocaleString("en")} to ${to.toLocaleString("en")}`;
}

/** Puts bins together, so that no more than `most` are left. */
export function coarser(edges: number[], columns: number[][], most: number): { edges: number[]; columns: number[][] } {
  const size = Math.ceil((edges.length - 1) / most);
  if (size <= 1) return { edges, columns };
  const groups = Array.from({ length: Math.ceil((edges.length - 1) / size) }, (_, group) => group * size);
  const sums = (column: number[]) => groups.map((from) => column.slice(from, from + size).reduce((sum, count) => sum + count, 0));
  return { edges: [...groups.map((from) => edges[from]), edges[edges.length - 1]], columns: columns.map(sums) };
}

/** Round numbers in a range, for a logarithmic axis: at most so many, and at least one. */
export function roundNumbers(least: number, most: number, room: number): number[] {
  const digits = Math.floor(Math.log10(Math.max(1, least)));
  const decades = Array.from({ length: Math.ceil(Math.log10(most)) - digits + 1 }, (_, at) => 10 ** (digits + at));
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = decades.flatMap((decade) => steps.map((step) => step * decade)).filter((tick) => tick >= least && tick <= most);
    if (ticks.length > 0 && ticks.length <= room) return ticks;
  }
  return [least];
}
