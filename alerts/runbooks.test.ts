import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { GENERAL_RUNBOOK } from "./general-runbook.ts";
import { limit, MEMORY_FRACTION, OPERATION_LIMITS } from "./limits.ts";
import { firstAction, firstActionIn } from "./rules/action.ts";
import { alertsOf, ruleGroups } from "./rules/index.ts";
import { PACE, RESTART_WINDOWS } from "./rules/pace.ts";

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

  it.each(alerts)("%s begins with a paragraph that the list of all can show", async (alert) => {
    // There a link to a page beside this one would lead nowhere.
    const [, first = ""] = /^## Meaning\n\n(.+?)\n\n/ms.exec(await textOf(alert)) ?? [];
    expect(first).toMatch(/\.$/);
    expect(linksIn(first)).toEqual([]);
  });

  it("show the first sentence of their first step, as plain words", () => {
    const first = (step: string) =>
      firstActionIn(`# A\n\n## Mitigation\n\n${step}\n\n## Afterwards\n`);
    expect(first("1. Stop `npm\n   start`, as in [B](B). Then wait.\n2. No.")).toBe(
      "Stop npm start, as in B.",
    );
    expect(first("1. Set it to 0.5 or 1\n2. No.")).toBe("Set it to 0.5 or 1");
    expect(first("Nothing.")).toBeUndefined();
    for (const { annotations } of rules) expect(annotations.action).toMatch(/^\S[^\n`[]{5,99}\.$/);
    expect(() => firstAction("HeadroomUnheardOf")).toThrow(/HeadroomUnheardOf/);
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

  it.each([
    ["HeadroomMemoryHigh", "warning"],
    ["HeadroomMemoryCritical", "critical"],
  ] as const)("%s says the limit that there is", async (name, severity) => {
    const found = limit("memory", severity);
    const gigabytes = found.bound === "upper" ? found.upper / 1e9 : Number.NaN;
    const share = `${100 * MEMORY_FRACTION[severity]} %`;
    expect((await textOf(name)).replaceAll("\n", " ")).toContain(
      `the smaller of ${gigabytes} GB and ${share} of what the scope has`,
    );
  });

  it("say from where on errors are critical, and how many restarts are too many", async () => {
    const found = limit("error_ratio", "critical");
    expect(found).toMatchObject({ upper: 1 / 5 });
    expect(await textOf("HeadroomErrorRateCritical")).toContain("At least one in five");
    expect(OPERATION_LIMITS.restarts.upper).toBe(2);
    expect(RESTART_WINDOWS * PACE.windowSeconds).toBe(15 * 60);
    expect(await textOf("HeadroomRestarting")).toContain(
      "at least twice within a quarter of an hour",
    );
    expect(OPERATION_LIMITS.modelRestarts.upper).toBe(3);
    expect((await textOf("HeadroomModelRestarting")).replaceAll(/\s+/g, " ")).toContain(
      "at least three times within a quarter of an hour",
    );
  });

  it.each([...alerts, ...GENERAL])("%s links only to runbooks that exist", async (name) => {
    for (const target of linksIn(await textOf(name)))
      expect([...alerts, ...GENERAL]).toContain(target);
  });
});
