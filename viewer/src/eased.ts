// Work that follows the reader, but leaves time for the rest of the page.

/** Does work at once, unless it was done a moment ago: then it waits, and of all that comes meanwhile the last is done. */
export class Eased<T> {
  private doneAt = -Infinity;
  private took = 0;
  private later = 0;

  /** `rest` says how long to wait after work that took so many milliseconds. */
  constructor(private readonly work: (what: T) => void, private readonly rest: (took: number) => number) {}

  do(what: T): void {
    window.clearTimeout(this.later);
    const wait = this.doneAt + this.rest(this.took) - performance.now();
    if (wait > 0) this.later = window.setTimeout(() => this.now(what), wait);
    else this.now(what);
  }

  /** What waits is left undone. */
  stop(): void {
    window.clearTimeout(this.later);
  }

  private now(what: T): void {
    const before = performance.now();
    this.work(what);
    this.doneAt = performance.now();
    this.took = this.doneAt - before;
  }
}
