import "./style.css";
import "./row.css";
import { Chooser } from "./choose";
import { datasetPage } from "./dataset";
import { fill, h } from "./dom";
import { help } from "./help";
import { readRoute, writeRoute, type Route } from "./route";
import { RowPage } from "./rowpage";
import { source, type Source } from "./source";
import { themeSwitch } from "./theme";
import type { About, Config, Place } from "./types";

/** The page: a bar at the top, and below it a row or the figures of all rows. */
class App {
  private readonly main = h("main");
  private readonly chooser: Chooser;
  private readonly help = help();
  private readonly tabs = new Map<Route["page"], HTMLElement>();
  private page: RowPage | null = null;
  private route: Route;
  private written = "";
  /** Whether an address names the row: then no other one is shown. */
  private asked = false;
  private writeLater = 0;

  constructor(private readonly about: About, private readonly source: Source) {
    this.chooser = new Chooser(about, source, (place) => this.choose(place));
    const first = about.configs[0];
    this.route = { page: about.kind === "dataset" || about.figures === true ? "data" : "row", config: first?.name ?? null, split: firstSplit(first), index: 0, text: 0, step: null, twin: null };
    const tab = (page: Route["page"], name: string) => {
      const link = h("a", { href: `#/${page}`, class: "tab" }, name);
      this.tabs.set(page, link);
      return link;
    };
    document.title = `${about.name} · sos view`;
    document.body.append(h("header", { class: "top" }, h("h1", {}, about.name), about.kind === "evidence" ? null : tab("row", "rows"), tab("data", "figures"), this.chooser.element,
      h("div", { class: "tools" }, themeSwitch(() => this.page?.recolour()), this.help.button)), this.chooser.list, this.main);
    window.addEventListener("hashchange", () => this.hashChanged());
    document.addEventListener("keydown", (event) => this.key(event));
    const asked = readRoute(location.hash);
    this.asked = asked.index !== undefined;
    this.take(asked);
    void this.open();
  }

  /** Takes what an address says; the rest stays as it is. */
  private take(route: Partial<Route>): void {
    for (const [key, value] of Object.entries(route)) if (value !== undefined) Object.assign(this.route, { [key]: value });
  }

  private async open(): Promise<void> {
    this.page?.stop();
    this.page = null;
    for (const [page, link] of this.tabs) link.toggleAttribute("aria-current", page === this.route.page);
    this.chooser.element.hidden = this.route.page === "data";
    if (this.route.page === "data") this.chooser.list.hidden = true;
    delete document.body.dataset.ready;
    fill(this.main, h("p", { class: "muted wait", role: "status" }, "looking …"));
    const opened = { ...this.route };
    try {
      const content = opened.page === "data" ? await this.figures() : await this.row(opened);
      if (writeRoute({ ...opened, step: null, text: 0, twin: null }) !== writeRoute({ ...this.route, step: null, text: 0, twin: null })) return;
      fill(this.main, content);
      this.write();
      document.body.dataset.ready = opened.page;
    } catch (error) {
      this.write();
      fill(this.main, h("p", { class: "failure", role: "alert" }, error instanceof Error ? error.message : String(error)));
      document.body.dataset.ready = "failure";
    }
  }

  private async figures(): Promise<HTMLElement> {
    return datasetPage(this.about, await this.source.stats(), this.source);
  }

  private async row(route: Route): Promise<HTMLElement> {
    // A file holds a sample of rows: where the one asked for is not among them, its first one is shown.
    if (!this.source.complete && !this.asked) {
      const { rows } = await this.source.rows({ ...route, index: 0 }, 1_000_000, {});
      if (rows.length > 0 && !rows.some((row) => row.index === route.index)) route.index = this.route.index = rows[0].index;
    }
    this.chooser.show(route);
    const row = await this.source.row(route);
    this.page = new RowPage(row, this.about, this.source, { text: route.text, step: route.step, twin: route.twin }, (state) => {
      Object.assign(this.route, state);
      this.writeSoon();
    });
    return this.page.element;
  }

  private choose(place: Place): void {
    this.asked = place.index !== this.route.index;
    Object.assign(this.route, place, { page: "row", text: 0, step: null });
    if (this.route.twin === place.config) this.route.twin = null;
    void this.open();
  }

  /** Writes the address. Browsers allow this only some times a second, so steps write it later. */
  private writeSoon(): void {
    window.clearTimeout(this.writeLater);
    this.writeLater = window.setTimeout(() => this.write(), 300);
  }

  private write(): void {
    window.clearTimeout(this.writeLater);
    this.written = writeRoute(this.route);
    if (location.hash !== this.written) history.replaceState(null, "", this.written);
  }

  private hashChanged(): void {
    if (location.hash === this.written) return;
    const before = { ...this.route };
    const asked = readRoute(location.hash);
    this.asked = asked.index !== undefined;
    this.take({ text: 0, ...asked });
    if (asked.config !== undefined) Object.assign(this.route, { step: asked.step ?? null, twin: asked.twin ?? null });
    const { step, ...place } = this.route;
    const { step: stepBefore, ...placeBefore } = before;
    if (JSON.stringify(place) === JSON.stringify(placeBefore) && step !== stepBefore) this.page?.goTo(step);
    else void this.open();
  }

  private key(event: KeyboardEvent): void {
    const target = event.target instanceof HTMLElement ? event.target : null;
    const typing = target !== null && (target.matches("input:not([type=range]), select, textarea") || target.isContentEditable || target.closest("dialog") !== null);
    if (event.ctrlKey || event.metaKey || event.altKey || typing || this.page === null) return;
    // A button takes the space bar for itself.
    if (event.key === " " && target?.matches("button, summary, a") === true) return;
    let used = true;
    if (event.key === "?") this.help.open();
    else if (event.key === "n") void this.chooser.step(1);
    else if (event.key === "p") void this.chooser.step(-1);
    else if (event.key === "/") document.querySelector<HTMLInputElement>("input.find")?.focus();
    else used = this.page.key(event);
    if (used) event.preventDefault();
  }
}

/** The split that is shown first: what a model is trained on, if there is such a one. */
function firstSplit(config: Config | undefined): string | null {
  return (config?.splits.find((split) => split.name === "train") ?? config?.splits[0])?.name ?? null;
}

async function start(): Promise<void> {
  const from = source();
  new App(await from.about(), from);
}

start().catch((error: unknown) => {
  document.body.append(h("p", { class: "failure", role: "alert" }, error instanceof Error ? error.message : String(error)));
  document.body.dataset.ready = "failure";
});
