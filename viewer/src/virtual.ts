// A list of which only the visible part is in the page.

import { h } from "./dom";

/** A list of items of equal height. `render` makes the element of an item. */
export class VirtualList {
  readonly element: HTMLElement;
  private readonly spacer = h("div");
  private readonly inside = h("div", { class: "virtual-items" });

  constructor(private readonly count: number, private readonly itemHeight: number, private readonly render: (item: number) => HTMLElement, label: string) {
    this.spacer.style.height = `${count * itemHeight}px`;
    this.element = h("div", { class: "virtual", tabindex: 0, role: "region", "aria-label": label }, this.spacer, this.inside);
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Draws the visible items anew. */
  draw(): void {
    const { scrollTop, clientHeight } = this.element;
    const first = Math.max(0, Math.floor(scrollTop / this.itemHeight) - 4);
    const last = Math.min(this.count, Math.ceil((scrollTop + clientHeight) / this.itemHeight) + 4);
    const items: HTMLElement[] = [];
    for (let item = first; item < last; item++) items.push(this.render(item));
    this.inside.style.transform = `translateY(${first * this.itemHeight}px)`;
    this.inside.replaceChildren(...items);
  }

  /** Scrolls to an item, if it is out of sight. */
  reveal(item: number): void {
    const { scrollTop, clientHeight } = this.element;
    const top = item * this.itemHeight;
    if (top < scrollTop + this.itemHeight || top > scrollTop + clientHeight - 2 * this.itemHeight) this.element.scrollTop = top - clientHeight / 2;
  }
}
