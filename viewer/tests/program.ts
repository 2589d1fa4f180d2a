// The program `sos`, where it was built: for rows as it gives them, and to test its server.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Data } from "./browser";

/** The program: of the variable SOS, or of the newest build; null where there is none. */
export function program(): string | null {
  return [process.env.SOS ?? "", "../target/release/sos", "../target/debug/sos"].find((path) => path !== "" && existsSync(path)) ?? null;
}

/** What the program writes into a page about some rows of a recipe. */
export function dataOf(sos: string, recipe: string, index: number, more: string[] = []): Data {
  const folder = mkdtempSync(join(tmpdir(), "sos-view-"));
  try {
    const [source, out] = [join(folder, "recipe.toml"), join(folder, "data.json")];
    writeFileSync(source, recipe);
    const { status, stderr } = spawnSync(sos, ["view", source, "--out", out, "--index", String(index), "--count", "1", "--quiet", ...more], { encoding: "utf8" });
    if (status !== 0) throw new Error(`sos view: ${stderr}`);
    return JSON.parse(readFileSync(out, "utf8")) as Data;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
