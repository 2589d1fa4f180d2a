/** Pancakes: a stack with the numbers of their sizes, and the part that was flipped last. */
import { digits } from "./board";
import { colour, path, rectangle, short, tick, tint } from "./marks";
import { drawing, fields, group, numbers, picture, text, tone, words } from "./shared";

const MOST = 32;
const HEIGHT = 26;
const LEFT = 20;
const WIDEST = 300;

/** The sizes from the top down: each from 1 on once. */
function stackOf(sizes: readonly (number | null)[] | null): number[] | null {
  const sorted = [...(sizes ?? [])].sort((one, other) => Number(one) - Number(other));
  const each = sorted.length > 0 && sorted.length <= MOST && sorted.every((size, place) => size === place + 1);
  return each ? (sizes as number[]) : null;
}

/** A bracket beside the pancakes that were flipped, with a turning arrow. */
function flip(count: number, right: number): SVGElement {
  const [top, bottom] = [12, 10 + count * HEIGHT];
  const bow = `M${right} ${top}h8q10 0 10 10v${short(Math.max(0, bottom - top - 20))}q0 10 -10 10h-4`;
  const head = `M${right - 2} ${bottom}l10 -6v12z`;
  return group({}, path(bow, { stroke: colour.current, "stroke-width": 3.5 }), path(head, { fill: colour.current }));
}

export const draw = drawing((scene) => {
  const told = scene.state === null ? numbers(fields(scene.puzzle).stack, MOST) : words(scene.state).map((word) => digits(word, 1, MOST));
  const stack = stackOf(told);
  if (stack === null) return null;
  const width = (size: number) => WIDEST * (0.22 + (0.78 * size) / stack.length);
  const middle = LEFT + WIDEST / 2;
  const flipped = digits(words(scene.move)[1], 1, stack.length) ?? 0;
  const cakes = stack.map((size, place) => {
    const [top, wide, home] = [10 + place * HEIGHT, width(size), size === place + 1];
    const edge = { stroke: place < flipped ? colour.current : tone.ink, "stroke-width": place < flipped ? 3 : 1.5 };
    return group(
      {},
      rectangle(middle - wide / 2, top + 2, wide, HEIGHT - 4, { rx: 9, fill: tint(colour.way, home ? 70 : 35), ...edge }),
      text(middle, top + HEIGHT / 2, size, { "font-size": 16, "font-weight": 600 }),
      home && tick([LEFT - 9, top + HEIGHT / 2], 6),
    );
  });
  const plate = 10 + stack.length * HEIGHT;
  return picture(
    LEFT + WIDEST + 40,
    plate + 20,
    `Pancakes from the top down: ${stack.join(" ")}${flipped > 0 ? `; the upper ${flipped} flipped last` : ""}`,
    ...cakes,
    path(`M${LEFT} ${plate + 3}h${WIDEST}q-10 10 -40 10h${80 - WIDEST}q-30 0 -40 -10z`, { fill: tone.muted }),
    flipped > 0 && flip(flipped, LEFT + WIDEST + 8),
  );
});
