import { existsSync } from "node:fs";
import { join } from "node:path";
import { GENERAL_RUNBOOK } from "../../../alerts/general-runbook.ts";

/**
 * Finds the address of an alert's runbook on this exporter. A name that has none, or that is no
 * alert's, gets the general one.
 *
 * @param folder - holds a file `<Alert>.md` for each alert, and the general one
 * @returns undefined when there is neither, or while the exporter has no address
 */
export function runbookLinks(
  folder: string,
  baseUrl: () => string | undefined,
): (alert: string) => string | undefined {
  return (alert) => {
    const base = baseUrl();
    if (base === undefined) return undefined;
    // Names of alerts are words in PascalCase, so nothing that could leave the folder passes.
    const found = [alert, GENERAL_RUNBOOK].find(
      (name) => /^[A-Z][A-Za-z0-9]{0,79}$/.test(name) && existsSync(join(folder, `${name}.md`)),
    );
    return found && `${base}/runbooks/${found}`;
  };
}
