import { existsSync } from "node:fs";
import { join } from "node:path";
import { PAGE_DIST, PLUGIN_DIST } from "./places.ts";

/**
 * Makes sure that there is something to serve.
 *
 * @throws Error that says what to run when the plugin or the page has not been built
 */
export function requireBuilt(): void {
  const missing = [join(PLUGIN_DIST, "module.js"), join(PAGE_DIST, "dashboard.js")].filter(
    (file) => !existsSync(file),
  );
  if (missing.length === 0) return;
  throw new Error(`${missing.join(" and ")} must be built first: npm run build:panel`);
}
