// The drawings by the name of their environment. A new one is a file beside this one and a line below.

import { draw as blocksworld } from "./blocksworld";
import { knapsack, partition as numberPartition, subsetSum } from "./choice";
import { draw as countdown } from "./countdown";
import { draw as cryptarithm } from "./cryptarithm";
import { draw as exactCover } from "./exact-cover";
import { draw as futoshiki } from "./futoshiki";
import { draw as graph } from "./graph";
import { draw as graphColouring } from "./graph-colouring";
import { draw as hanoi } from "./hanoi";
import { draw as kSat } from "./k-sat";
import { draw as kakurasu } from "./kakurasu";
import { draw as knights } from "./knights";
import { draw as knightsKnaves } from "./knights-knaves";
import { draw as latinSquare } from "./latin-square";
import { draw as lightsOut } from "./lights-out";
import { draw as maze } from "./maze";
import { draw as nQueens } from "./n-queens";
import { draw as numberLine } from "./number-line";
import { draw as pancake } from "./pancake";
import { draw as pocketCube } from "./pocket-cube";
import { draw as riverCrossing } from "./river-crossing";
import { draw as rushHour } from "./rush-hour";
import { draw as slidingTiles } from "./sliding-tiles";
import { draw as sokoban } from "./sokoban";
import { draw as sudoku } from "./sudoku";
import { draw as survo } from "./survo";
import { draw as waterJugs } from "./water-jugs";
import { draw as wordLadder } from "./word-ladder";
import { draw as zebra } from "./zebra";
import type { Drawing, Scene } from "./scene";
import { plain } from "./shared";

export type { Drawing, Scene } from "./scene";
export { plain } from "./shared";

export const DRAWINGS: Record<string, Drawing> = {
  blocksworld,
  countdown,
  cryptarithm,
  "exact-cover": exactCover,
  futoshiki,
  graph,
  "graph-colouring": graphColouring,
  hanoi,
  "k-sat": kSat,
  kakurasu,
  knapsack,
  knights,
  "knights-knaves": knightsKnaves,
  "latin-square": latinSquare,
  "lights-out": lightsOut,
  maze,
  "n-queens": nQueens,
  "number-line": numberLine,
  "number-partition": numberPartition,
  pancake,
  "pocket-cube": pocketCube,
  "river-crossing": riverCrossing,
  "rush-hour": rushHour,
  "sliding-tiles": slidingTiles,
  sokoban,
  "subset-sum": subsetSum,
  sudoku,
  survo,
  "water-jugs": waterJugs,
  "word-ladder": wordLadder,
  zebra,
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
