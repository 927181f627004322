/** Bundles the incidents process into dist/main.js; packages stay outside. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
await build({
  entryPoints: [here("src/main.ts")],
  outdir: here("dist"),
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20",
  sourcemap: true,
});
console.log("built incidents/dist");
