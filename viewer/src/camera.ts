// Where the nodes of a tree stand in its picture: the layout, seen from a place.

import { zoomIdentity, type ZoomTransform } from "d3-zoom";
import type { Layout } from "./layout";

const MARGIN = 24; // pixels around the tree
const BREADTH = 16; // pixels of a leaf at scale 1
const REACH = 40; // how far outside of the picture a node may be and still touch it

/** Half the size of a node at scale 1, in pixels. */
export const NODE = 4.5;

export class Camera {
  width = 0;
  height = 0;
  /** Whether the tree grows downwards, or to the right. */
  downwards: boolean;
  /** How much larger than usual the page's letters are: on a large screen nodes and words are larger too. */
  unit = 1;
  /** Pixels of a leaf's breadth, across the picture and down it. */
  scaleX = BREADTH;
  scaleY = BREADTH;
  private transform: ZoomTransform = zoomIdentity;

  constructor(public layout: Layout) {
    this.downwards = layout.depth > layout.breadth * 0.7;
  }

  /** The scale that the reader has chosen. */
  get scale(): number {
    return this.transform.k;
  }

  /** Looks from another place. */
  look(transform: ZoomTransform): void {
    this.transform = transform;
    const [across, down] = this.scales(transform.k);
    [this.scaleX, this.scaleY] = [across * BREADTH, down * BREADTH];
  }

  x(node: number): number {
    return (this.downwards ? this.layout.across : this.layout.down)[node] * this.scaleX + this.transform.x;
  }

  y(node: number): number {
    return (this.downwards ? this.layout.down : this.layout.across)[node] * this.scaleY + this.transform.y;
  }

  /** The view with a node in the middle. */
  centred(node: number, scale: number): ZoomTransform {
    const shown = this.layout.standIn[node];
    const [across, down] = [this.layout.across[shown] * BREADTH, this.layout.down[shown] * BREADTH];
    const [x, y] = this.downwards ? [across, down] : [down, across];
    const [acrossScale, downScale] = this.scales(scale);
    return zoomIdentity.translate(this.width / 2 - x * acrossScale, this.height / 2 - y * downScale).scale(scale);
  }

  /** The view of the whole tree. */
  whole(): ZoomTransform {
    const [wide, high] = this.extent();
    return this.constrain(zoomIdentity.scale(Math.min(1.6 * this.unit, this.room(this.width) / wide, this.room(this.height) / high)));
  }

  /** Half the size of a node. */
  radius(): number {
    const k = this.scale;
    return Math.min(9 * this.unit, NODE * (k > 0.5 ? Math.max(0.8 * this.unit, k) : k));
  }

  /** Whether a node is in the picture, or touches it. */
  inView(node: number): boolean {
    const [x, y] = [this.x(node), this.y(node)];
    return x > -REACH && y > -REACH && x < this.width + REACH && y < this.height + REACH;
  }

  /** Whether the edge between two nodes may cross the picture, even where both are outside of it. */
  crosses(one: number, other: number): boolean {
    if (other < 0) return false;
    const [x, y, toX, toY] = [this.x(one), this.y(one), this.x(other), this.y(other)];
    return Math.max(x, toX) >= 0 && Math.min(x, toX) <= this.width && Math.max(y, toY) >= 0 && Math.min(y, toY) <= this.height;
  }

  /** The size of the tree at scale 1, across the picture and down it. */
  private extent(): [number, number] {
    const [breadth, depth] = [Math.max(1, this.layout.breadth * BREADTH), Math.max(1, this.layout.depth * BREADTH)];
    return this.downwards ? [breadth, depth] : [depth, breadth];
  }

  private room(size: number): number {
    return Math.max(1, size - 2 * MARGIN);
  }

  /** The scales across and down: not less than what fills the picture. A search is broad or deep, and would be a thin line otherwise. */
  private scales(scale: number): [number, number] {
    const [wide, high] = this.extent();
    return [Math.max(scale, Math.min(this.unit * (this.downwards ? 9 : 3), this.room(this.width) / wide)), Math.max(scale, Math.min(this.unit * 2, this.room(this.height) / high))];
  }

  /** Keeps the tree in the picture. Where one side of it is to be seen as a whole, it stands in the middle. */
  constrain(transform: ZoomTransform): ZoomTransform {
    const [wide, high] = this.extent();
    const [acrossScale, downScale] = this.scales(transform.k);
    const place = (extent: number, size: number, at: number) => (extent <= size - 2 * MARGIN + 1 ? (size - extent) / 2 : Math.max(size - MARGIN - extent, Math.min(MARGIN, at)));
    return zoomIdentity.translate(place(wide * acrossScale, this.width, transform.x), place(high * downScale, this.height, transform.y)).scale(transform.k);
  }
}
