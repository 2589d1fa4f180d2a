/** Exact cover: a table of sets and elements, with chosen and excluded sets, and how often each element is covered. */
import { every, middle, whole, type Board } from "./board";
import { circle, colour, cross, path, rectangle, tick } from "./marks";
import { drawing, fields, group, list, numbers, picture, text, tone } from "./shared";
import { guessedIn, readChoice, readValues } from "./values";

const CELL = 30;
const MOST = 100;

export const draw = drawing((scene) => {
  const puzzle = fields(scene.puzzle);
  const elements = whole(puzzle.elements, 1, MOST);
  const given = list(puzzle.sets);
  if (elements === null || given.length === 0 || given.length > MOST) return null;
  const sets = every(given.map((set) => numbers(set, elements)));
  const values = readValues(scene.state, given.length);
  const known = values?.decided.every((value) => value === null || value === "0" || value === "1");
  if (sets === null || values === null || known !== true || sets.flat().some((element) => whole(element, 1, elements) === null)) return null;
  const on: Board = { left: 66, top: 30, cell: CELL, columns: elements, rows: sets.length };
  const chosen = (set: number) => values.decided[set] === "1";
  const out = (set: number) => values.decided[set] === "0" || values.lost.get(`s${set + 1}`)?.has("1") === true;
  const covered = Array.from({ length: elements }, (_, at) => sets.filter((set, place) => chosen(place) && set.includes(at + 1)).length);
  const guessed = guessedIn(scene.moves);
  const last = readChoice(scene.move);
  const [width, height] = [elements * CELL, sets.length * CELL];

  const rows = sets.map((set, row) => {
    const y = on.top + (row + 0.5) * CELL;
    const isLast = last?.variable === `s${row + 1}`;
    const band = { rx: 5, fill: chosen(row) ? colour.soft : "none", stroke: isLast ? colour.current : "none", "stroke-width": 3 };
    const open = { fill: tone.paper, stroke: tone.ink, "stroke-width": 2.5 };
    const look = chosen(row) ? { fill: tone.accent } : out(row) ? { fill: tone.faint, stroke: tone.line, "stroke-width": 1.5 } : open;
    const dot = (element: number) => circle(middle(on, { column: element - 1, row })[0], y, CELL * 0.28, look);
    return group(
      {},
      rectangle(4, y - CELL / 2 + 2, on.left + width, CELL - 4, band),
      text(33, y, `s${row + 1}`, { "font-size": 14, "font-weight": chosen(row) ? 700 : 400, fill: out(row) ? tone.muted : tone.ink }),
      guessed.has(`s${row + 1}`) && text(13, y, "?", { "font-size": 15, "font-weight": 700, fill: tone.bad }),
      chosen(row) && tick([59, y], 5.5),
      out(row) && cross([59, y], 4.5),
      ...set.map(dot),
      out(row) && path(`M${on.left} ${y}h${width}`, { stroke: tone.muted, "stroke-width": 1.5 }),
    );
  });
  const columns = covered.map((times, column) => {
    const [x] = middle(on, { column, row: 0 });
    const below = on.top + height + CELL * 0.6;
    const twice = () => text(x, below, `${times}×`, { "font-size": 15, "font-weight": 700, fill: colour.error });
    const sign = times === 1 ? tick([x, below], 6) : times > 1 ? twice() : circle(x, below, 2, { fill: tone.muted });
    return group({}, text(x, 16, column + 1, { "font-size": 15, fill: times > 0 ? tone.ink : tone.muted, "font-weight": times > 0 ? 700 : 400 }), sign);
  });
  const names = sets.flatMap((_, set) => (chosen(set) ? [`s${set + 1}`] : [])).join(" ");
  const once = covered.filter((times) => times === 1).length;
  return picture(
    on.left + width + 8,
    on.top + height + CELL * 1.2,
    `Exact cover of ${elements} elements by ${sets.length} sets: ${names || "no set"} chosen, ${once} elements covered once`,
    ...rows,
    ...columns,
  );
});
