import "./style.css";
import { datasetPage } from "./dataset";
import { fill, h } from "./dom";
import { draw } from "./drawings";
import { source } from "./source";

async function start(): Promise<void> {
  const from = source();
  const about = await from.about();
  document.title = about.name;
  const main = h("main");
  document.body.append(main);
  if (location.hash.startsWith("#/data")) {
    main.append(datasetPage(about, await from.stats(), from));
    return;
  }
  const config = about.configs[0];
  const row = await from.row({ config: config?.name ?? null, split: config?.splits[0]?.name ?? null, index: 0 });
  fill(main, draw(row.env, { puzzle: row.puzzle, state: null, path: [], moves: [], seen: new Map(), move: null, solution: null }));
}

void start().catch((error: unknown) => document.body.append(h("p", { role: "alert" }, String(error))));
