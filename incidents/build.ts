/** Bundles the incidents process into dist/main.js; packages stay outside. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import packageFile from "./package.json" with { type: "json" };

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
await build({
  entryPoints: [here("src/main.ts")],
  outdir: here("dist"),
  bundle: true,
  external: Object.keys(packageFile.dependencies).filter((name) => !name.startsWith("@headroom/")),
  platform: "node",
  format: "esm",
  target: "node24",
  sourcemap: true,
});
console.log("built incidents/dist");
