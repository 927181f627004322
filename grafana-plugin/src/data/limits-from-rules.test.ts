import { describe, expect, it } from "@jest/globals";
import { limitsFromRules, ruleProblems } from "./resolve-limits.ts";

describe("limitsFromRules", () => {
  it("gives the limits of all rules that match, in their order", () => {
    const limits = limitsFromRules("Latency", [
      { series: "/^lat/i", severity: "critical", upper: 9 },
      { series: "Latency", severity: "warning", upper: 4 },
      { series: "Memory", severity: "warning", upper: 1 },
    ]);
    expect(limits).toEqual([
      { severity: "critical", bound: "upper", upper: 9 },
      { severity: "warning", bound: "upper", upper: 4 },
    ]);
  });

  it("reads both edges as a band, one as a limit, and none as no limit yet", () => {
    const limits = limitsFromRules("a", [
      { series: "a", severity: "warning", lower: 0, upper: 4 },
      { series: "a", severity: "warning", lower: 0 },
      { series: "a", severity: "warning" },
    ]);
    expect(limits).toEqual([
      { severity: "warning", bound: "band", lower: 0, upper: 4 },
      { severity: "warning", bound: "lower", lower: 0 },
    ]);
  });

  it("matches nothing with a pattern that cannot be read, which is reported once", () => {
    const rules = [
      { series: "/[/", severity: "warning", upper: 1 },
      { series: "/[/", severity: "critical", upper: 2 },
      { series: "/ok/", severity: "critical", upper: 2 },
    ] as const;
    expect(limitsFromRules("[", rules)).toEqual([]);
    expect(ruleProblems(rules)).toHaveLength(1);
    expect(ruleProblems(rules)[0]).toContain('"/[/" is no pattern');
    expect(ruleProblems([])).toEqual([]);
  });
});
