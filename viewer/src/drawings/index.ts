// The drawings by the name of their environment. A new one is a file beside this one and a line below.

import type { Drawing, Scene } from "./scene";
import { plain } from "./shared";

export type { Drawing, Scene } from "./scene";
export { plain } from "./shared";

export const DRAWINGS: Record<string, Drawing> = {
};

/** Draws a scene of an environment; as plain text where there is no drawing, or where the drawing fails. */
export function draw(env: string, scene: Scene): SVGSVGElement {
  const drawing = Object.hasOwn(DRAWINGS, env) ? DRAWINGS[env] : plain;
  try {
    return drawing(scene);
  } catch {
    return plain(scene);
  }
}
