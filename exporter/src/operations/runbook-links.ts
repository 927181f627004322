import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Finds the address of an alert's runbook on this exporter.
 *
 * @param folder - holds a file `<Alert>.md` for each alert
 * @returns undefined for names that have no runbook, and for names that are no alert's
 */
export function runbookLinks(
  folder: string,
  baseUrl: () => string | undefined,
): (alert: string) => string | undefined {
  return (alert) => {
    const base = baseUrl();
    // Names of alerts are words in PascalCase, so nothing that could leave the folder passes.
    if (base === undefined || !/^[A-Z][A-Za-z0-9]{0,79}$/.test(alert)) return undefined;
    return existsSync(join(folder, `${alert}.md`)) ? `${base}/runbooks/${alert}` : undefined;
  };
}
