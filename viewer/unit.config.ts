// Builds the unit tests, `src/**/*.test.ts`, for Node's own test runner: `npm run unit`.
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { defineConfig } from "vite";

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));

export default defineConfig({
  build: {
    ssr: true,
    target: "node20",
    outDir: "node_modules/.unit",
    emptyOutDir: true,
    rollupOptions: { input: Object.fromEntries(files.map((file) => [basename(file, ".ts"), `src/${file}`])) },
  },
});
