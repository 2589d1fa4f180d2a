/** The pocket cube, unfolded: the colours with their letters, and an arrow on the face that turned last. */
import { circle, colour, path, rectangle, short } from "./marks";
import { drawing, fields, group, picture, text, tone, words } from "./shared";

const SIDE = 40;
const FACES = "URFDLB";
const NAMES = ["up", "right", "front", "down", "left", "back"];
/** Where each face stands in the net, in faces from the left and from the top. */
const NET = [[1, 0], [2, 1], [1, 1], [1, 2], [0, 1], [3, 1]] as const;
/** The facelets of each place that a state names, clockwise from the one on top or bottom; the corner that stays comes last. */
const PLACES = [[3, 4, 9], [2, 8, 17], [0, 16, 21], [1, 20, 5], [13, 11, 6], [12, 19, 10], [15, 7, 22], [14, 23, 18]];
const STAYS = "DBL";

/** The 24 facelets, by the letter of the face where each belongs. */
function faceletsOf(state: string): string[] | null {
  const corners = [...words(state), STAYS];
  if (corners.length !== PLACES.length || !corners.every((corner) => /^[URFDLB]{3}$/.test(corner))) return null;
  const facelets: string[] = Array.from({ length: 24 }, () => "");
  PLACES.forEach((place, corner) => place.forEach((facelet, part) => (facelets[facelet] = corners[corner]?.[part] ?? "")));
  return facelets;
}

function sticker(facelets: readonly string[], face: number, part: number): SVGElement {
  const [left, top] = [6 + (NET[face]?.[0] ?? 0) * (2 * SIDE + 8) + (part % 2) * SIDE, 6 + (NET[face]?.[1] ?? 0) * (2 * SIDE + 8) + (part >> 1) * SIDE];
  const letter = facelets[face * 4 + part] ?? "";
  const name = NAMES[FACES.indexOf(letter)] ?? "up";
  return group(
    {},
    rectangle(left + 1.5, top + 1.5, SIDE - 3, SIDE - 3, { rx: 6, fill: `var(--cube-${name})`, stroke: colour.on, "stroke-width": 1.5 }),
    text(left + SIDE / 2, top + SIDE / 2, letter, { "font-size": 18, "font-weight": 600, fill: colour.on }),
  );
}

/** A disk on the middle of the face that turned, with an arc for a quarter or a half turn, clockwise or back. */
function turn(move: string | null): SVGElement | null {
  const found = /^([URF])([23]?)$/.exec(move ?? "");
  const face = FACES.indexOf(found?.[1] ?? " ");
  const at = NET[face];
  if (at === undefined) return null;
  const [x, y] = [6 + at[0] * (2 * SIDE + 8) + SIDE, 6 + at[1] * (2 * SIDE + 8) + SIDE];
  const degrees = found?.[2] === "2" ? 220 : 130;
  const [from, to] = found?.[2] === "3" ? [0, -degrees] : [-180, -180 + degrees];
  const radius = SIDE * 0.19;
  const point = (angle: number, far: number) => {
    const turned = (angle * Math.PI) / 180;
    return `${short(x + far * Math.cos(turned))} ${short(y + far * Math.sin(turned))}`;
  };
  const ahead = to > from ? 55 : -55;
  const arc = `M${point(from, radius)}A${radius} ${radius} 0 0 ${to > from ? 1 : 0} ${point(to, radius)}`;
  const head = `M${point(to + ahead, radius)}L${point(to, radius - 5)}L${point(to, radius + 5)}Z`;
  return group(
    {},
    rectangle(x - SIDE, y - SIDE, 2 * SIDE, 2 * SIDE, { rx: 8, fill: "none", stroke: colour.current, "stroke-width": 4 }),
    circle(x, y, SIDE * 0.36, { fill: tone.paper, stroke: colour.current, "stroke-width": 2 }),
    path(arc, { stroke: colour.current, "stroke-width": 3 }),
    path(head, { fill: colour.current }),
  );
}

export const draw = drawing((scene) => {
  const given = fields(scene.puzzle).facelets;
  const told = typeof given === "string" && /^[URFDLB]{24}$/.test(given) ? [...given] : null;
  const facelets = scene.state === null ? told : faceletsOf(scene.state);
  if (facelets === null) return null;
  const faces = NAMES.map((name, face) => `${name} ${facelets.slice(face * 4, face * 4 + 4).join("")}`);
  const stickers = NAMES.flatMap((_, face) => [0, 1, 2, 3].map((part) => sticker(facelets, face, part)));
  return picture(8 * SIDE + 36, 6 * SIDE + 28, `Pocket cube: ${faces.join(", ")}`, ...stickers, turn(scene.move));
});
