import { readFileSync } from "node:fs";
import { join } from "node:path";
import { takeApart } from "../markdown.ts";

const RUNBOOKS = join(import.meta.dirname, "..", "runbooks");

/**
 * What the runbook of an alert says to do first, as one plain line: the first sentence of the first
 * step of its mitigation. Read from the page, so that both say the same.
 *
 * @throws Error when the alert has no runbook, or its mitigation no numbered step
 */
export function firstAction(alert: string): string {
  const action = firstActionIn(readFileSync(join(RUNBOOKS, `${alert}.md`), "utf8"));
  if (action !== undefined) return action;
  throw new Error(
    `alerts/runbooks/${alert}.md has no first step to show: begin its section Mitigation with "1. ".`,
  );
}

/** The same of the text of a runbook; undefined when its mitigation has no numbered step. */
export function firstActionIn(runbook: string): string | undefined {
  const [, mitigation = ""] = takeApart(runbook).prose.split("\n## Mitigation\n");
  const [, step] = /^\s*1\. ([^]*?)(?=\n\d\. |\n\n|\n##|\s*$)/.exec(mitigation) ?? [];
  const plain = step
    ?.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, "$1")
    .replaceAll(/[`*]/g, "")
    .replaceAll(/\s+/g, " ");
  // A dot inside of a word, as in a path or an address, ends no sentence.
  return plain && (/^.*?\.(?= |$)/.exec(plain)?.[0] ?? plain);
}
