import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The plugin as Grafana loads it: what webpack writes. */
export const PLUGIN_DIST = join(import.meta.dirname, "..", "dist");

/** The browser's part of the preview, as source. */
export const PAGE_SOURCE = join(import.meta.dirname, "page");

/** The browser's part of the preview, built. */
export const PAGE_DIST = join(import.meta.dirname, "dist");

const GRAFANA_UI = dirname(createRequire(import.meta.url).resolve("@grafana/ui/package.json"));

/** Grafana's icons, which its components fetch one by one. */
export const ICONS = join(GRAFANA_UI, "dist", "public", "img", "icons");

/**
 * Makes sure that there is something to serve.
 *
 * @throws Error that says what to run when the plugin or the page has not been built
 */
export function requireBuilt(): void {
  const files = [join(PLUGIN_DIST, "module.js"), join(PAGE_DIST, "dashboard.js")];
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return;
  throw new Error(`${missing.join(" and ")} must be built first: npm run build:panel`);
}
