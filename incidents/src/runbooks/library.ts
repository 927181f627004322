import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { GENERAL_RUNBOOK } from "@headroom/alerts/general-runbook";

/** A runbook in the list of all. */
export interface RunbookEntry {
  /** The alert's name, or that of a page for all of them. */
  readonly alert: string;
  /** What the alert means, as Markdown on one line; empty when the runbook does not say. */
  readonly meaning: string;
}

// Names of alerts are words in PascalCase, so nothing that could leave the folder passes.
const ALERT_NAME = /^[A-Z][A-Za-z0-9]{0,79}$/;
const EXTENSION = ".md";

/**
 * The runbook of an alert, as Markdown; undefined when there is none of this name.
 *
 * @param folder - holds a file `<Alert>.md` for each alert
 */
export async function readRunbook(folder: string, alert: string): Promise<string | undefined> {
  if (!ALERT_NAME.test(alert)) return undefined;
  try {
    return await readFile(join(folder, `${alert}${EXTENSION}`), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * Finds the address of an alert's runbook on this server. A name that has none, or that is no alert's,
 * gets the general one.
 *
 * @param folder - holds a file `<Alert>.md` for each alert, and the general one
 * @returns undefined when there is neither, or while the server has no address
 */
export function runbookLinks(
  folder: string,
  baseUrl: () => string | undefined,
): (alert: string) => string | undefined {
  return (alert) => {
    const base = baseUrl();
    if (base === undefined) return undefined;
    const found = [alert, GENERAL_RUNBOOK].find(
      (name) => ALERT_NAME.test(name) && existsSync(join(folder, `${name}${EXTENSION}`)),
    );
    return found && `${base}/runbooks/${found}`;
  };
}

/** Every runbook of a folder, by name. */
export async function listRunbooks(folder: string): Promise<readonly RunbookEntry[]> {
  const alerts = (await readdir(folder))
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .filter((alert) => ALERT_NAME.test(alert))
    .sort();
  return Promise.all(
    alerts.map(async (alert) => ({
      alert,
      meaning: meaningOf((await readRunbook(folder, alert)) ?? ""),
    })),
  );
}

/** The list as Markdown; its links are relative to the path `/runbooks`. */
export function runbookList(entries: readonly RunbookEntry[]): string {
  const lines = entries.map(
    ({ alert, meaning }) => `- [${alert}](runbooks/${alert})${meaning && `: ${meaning}`}`,
  );
  return `# Runbooks\n\nWhat to do when an alert fires.\n\n${lines.join("\n")}\n`;
}

/** The first paragraph below the heading "Meaning", on one line. */
function meaningOf(markdown: string): string {
  const paragraph = /^## Meaning\n+((?:[^\n#][^\n]*\n?)+)/m.exec(markdown)?.[1] ?? "";
  return paragraph.trim().replaceAll(/\s*\n\s*/g, " ");
}
