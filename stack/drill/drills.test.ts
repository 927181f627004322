import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { alertsOf, ruleGroups } from "@headroom/alerts/rules/index";
import { ROOT } from "../places.ts";
import { DRILLS } from "./drills.ts";

const severities = new Map(
  alertsOf(ruleGroups()).map(({ alert, labels }) => [alert, labels.severity] as const),
);

describe("the drills", () => {
  it("are one for each alert", () => {
    expect(DRILLS.map(({ alert }) => alert).sort()).toEqual([...severities.keys()].sort());
  });

  it("stand in the documents, each as passed", async () => {
    const page = await readFile(join(ROOT, "docs", "operations.md"), "utf8");
    const [, table = ""] = /<!-- drill:begin -->([^]*)<!-- drill:end -->/.exec(page) ?? [];
    const rows = [...table.matchAll(/^\| (Headroom\w+) .* passed +\|$/gm)].map(
      ([, alert]) => alert,
    );
    expect(rows).toEqual(DRILLS.map(({ alert }) => alert));
  });

  it("expect no notification of what is only information, and of nothing else", () => {
    const untold = DRILLS.filter(({ told }) => told === "never").map(({ alert }) => alert);
    const information = [...severities].filter(([, severity]) => severity === "info");
    expect(untold).toEqual(information.map(([alert]) => alert));
  });

  it("let only critical alerts silence another, a warning", () => {
    for (const { alert, beside = [], silences = [] } of DRILLS) {
      const told = [alert, ...beside].map((name) => severities.get(name));
      if (silences.length > 0) expect(told).toContain("critical");
      for (const silenced of silences) expect(severities.get(silenced)).toBe("warning");
    }
  });
});
