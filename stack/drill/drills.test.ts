import { describe, expect, it } from "@jest/globals";
import { alertsOf, ruleGroups } from "../../alerts/rules/index.ts";
import { DRILLS } from "./drills.ts";

const severities = new Map(
  alertsOf(ruleGroups()).map(({ alert, labels }) => [alert, labels.severity] as const),
);

describe("the drills", () => {
  it("are one for each alert", () => {
    expect(DRILLS.map(({ alert }) => alert).sort()).toEqual([...severities.keys()].sort());
  });

  it("expect no notification of what is only information, and of nothing else", () => {
    const untold = DRILLS.filter(({ told }) => told === "never").map(({ alert }) => alert);
    const information = [...severities].filter(([, severity]) => severity === "info");
    expect(untold).toEqual(information.map(([alert]) => alert));
  });

  it("let only critical alerts silence another, a warning", () => {
    for (const { alert, silences = [] } of DRILLS) {
      if (silences.length > 0) expect(severities.get(alert)).toBe("critical");
      for (const silenced of silences) expect(severities.get(silenced)).toBe("warning");
    }
  });
});
