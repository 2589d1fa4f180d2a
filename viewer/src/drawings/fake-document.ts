/** As much of a document as drawings need, for tests without a browser. */

export class FakeElement {
  readonly attributes = new Map<string, string>();
  readonly children: (FakeElement | string)[] = [];

  constructor(readonly tagName: string) {}

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }

  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }

  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }

  append(...children: (FakeElement | string)[]): void {
    this.children.push(...children);
  }

  /** This element and all below it. */
  *all(): Generator<FakeElement> {
    yield this;
    for (const child of this.children) if (typeof child !== "string") yield* child.all();
  }

  /** The text of this element and of all below it. */
  get textContent(): string {
    return this.children.map((child) => (typeof child === "string" ? child : child.textContent)).join("");
  }
}

/** Lets code that makes elements run where there is no document. */
export function installFakeDocument(): void {
  const createElementNS = (_: string, name: string): FakeElement => new FakeElement(name);
  Object.defineProperty(globalThis, "document", { value: { createElementNS }, configurable: true });
}
