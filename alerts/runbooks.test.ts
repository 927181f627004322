import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { alertsOf, ruleGroups } from "./rules/index.ts";

const folder = join(import.meta.dirname, "runbooks");
const alerts = [...new Set(alertsOf(ruleGroups()).map((rule) => rule.alert))];

describe("the runbooks", () => {
  it("are one for each alert, and no other", async () => {
    const files = await readdir(folder);
    expect(files.sort()).toEqual(alerts.map((alert) => `${alert}.md`).sort());
  });

  it.each(alerts)("%s answers the five questions in order", async (alert) => {
    const text = await readFile(join(folder, `${alert}.md`), "utf8");
    expect(text.match(/^#+ .*$/gm)).toEqual([
      `# ${alert}`,
      "## Meaning",
      "## Impact",
      "## Diagnosis",
      "## Mitigation",
      "## Afterwards",
    ]);
  });

  it.each(alerts)("%s links only to runbooks that exist", async (alert) => {
    const text = await readFile(join(folder, `${alert}.md`), "utf8");
    for (const [, target] of text.matchAll(/\]\(([^)]+)\)/g)) expect(alerts).toContain(target);
  });
});
