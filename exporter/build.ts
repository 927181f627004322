/**
 * Bundles the exporter into dist/: main.js, and the programs of its processes beside it; packages stay
 * outside. The status page is in dist/page/.
 */
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { build } from "esbuild";
import { buildPage } from "./build-page.ts";
import packageFile from "./package.json" with { type: "json" };

new Command("npm run build").description("Bundles the exporter into exporter/dist.").parse();

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
await buildPage(here("dist/page"));
await build({
  entryPoints: {
    main: here("src/main.ts"),
    scoring: here("src/engine/llama/scoring-process.ts"),
    device: here("src/engine/llama/device-process.ts"),
    chat: here("src/engine/llama/chat/process.ts"),
    download: here("src/models/download-process.ts"),
  },
  outdir: here("dist"),
  bundle: true,
  // What is imported on demand stays in a file of its own, beside the rest, and is not loaded before.
  splitting: true,
  external: Object.keys(packageFile.dependencies).filter((name) => !name.startsWith("@headroom/")),
  platform: "node",
  format: "esm",
  target: "node24",
  sourcemap: true,
});
console.log("built exporter/dist");
