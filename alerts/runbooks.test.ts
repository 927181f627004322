import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { GENERAL_RUNBOOK } from "./general-runbook.ts";
import { alertsOf, ruleGroups } from "./rules/index.ts";

const folder = join(import.meta.dirname, "runbooks");
const rules = alertsOf(ruleGroups());
const alerts = [...new Set(rules.map((rule) => rule.alert))];
const critical = new Set(
  rules.filter(({ labels }) => labels.severity === "critical").map(({ alert }) => alert),
);

/** Runbooks that belong to no alert. */
const GENERAL: readonly string[] = [GENERAL_RUNBOOK];

const textOf = (name: string): Promise<string> => readFile(join(folder, `${name}.md`), "utf8");
const headings = (text: string): readonly string[] | null => text.match(/^#+ .*$/gm);

/** Targets of links, without those that lead to a place of the same page. */
const linksIn = (text: string): (string | undefined)[] =>
  [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target]) => target);

describe("the runbooks", () => {
  it("are one for each alert, the general ones, and no other", async () => {
    const files = await readdir(folder);
    expect(files.sort()).toEqual([...alerts, ...GENERAL].map((name) => `${name}.md`).sort());
  });

  it.each(alerts)("%s answers the five questions in order", async (alert) => {
    expect(headings(await textOf(alert))).toEqual([
      `# ${alert}`,
      "## Meaning",
      "## Impact",
      "## Diagnosis",
      "## Mitigation",
      "## Afterwards",
    ]);
  });

  it("have a general one that leads from the first minutes to what is learned", async () => {
    const text = await textOf(GENERAL_RUNBOOK);
    expect(headings(text)).toEqual([
      `# ${GENERAL_RUNBOOK}`,
      "## Meaning",
      "## First five minutes",
      "## Resolution",
      "## Afterwards",
    ]);
    for (const asked of ["Root cause", "Preventive measures", "Threshold review"]) {
      expect(text).toContain(`**${asked}**`);
    }
  });

  it.each([...critical])("%s, which is critical, links the general one", async (alert) => {
    expect(linksIn(await textOf(alert))).toContain(GENERAL_RUNBOOK);
  });

  it.each([...alerts, ...GENERAL])("%s links only to runbooks that exist", async (name) => {
    for (const target of linksIn(await textOf(name)))
      expect([...alerts, ...GENERAL]).toContain(target);
  });
});
