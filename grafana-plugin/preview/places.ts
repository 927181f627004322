import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The plugin's folder. */
export const PLUGIN_FOLDER = join(import.meta.dirname, "..");

/** What webpack writes, and Grafana loads. */
export const PLUGIN_DIST = join(PLUGIN_FOLDER, "dist");

/** The browser's part of the preview, as source. */
export const PAGE_SOURCE = join(import.meta.dirname, "page");

/** The browser's part of the preview, built. */
export const PAGE_DIST = join(import.meta.dirname, "dist");

/**
 * Grafana's icons, which its components fetch one by one.
 *
 * @throws Error when the package @grafana/ui is not installed
 */
export function iconsFolder(): string {
  const entry = createRequire(import.meta.url).resolve("@grafana/ui/package.json");
  const folder = join(dirname(entry), "dist", "public", "img", "icons");
  if (!existsSync(folder)) throw new Error(`@grafana/ui has no icons at ${folder}.`);
  return folder;
}
