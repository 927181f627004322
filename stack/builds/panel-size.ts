import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../places.ts";

/** Size of the built panel in words, for whoever watches it grow. */
export async function panelSize(): Promise<string> {
  const { size } = await stat(join(ROOT, "grafana-plugin", "dist", "module.js"));
  return `grafana-plugin/dist/module.js: ${(size / 1e3).toFixed(1)} kB`;
}
