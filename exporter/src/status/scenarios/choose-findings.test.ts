import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Finding, FindingKind, FindingSeverity } from "../findings/finding.ts";
import { findingsOf } from "../findings/findings-of.ts";
import { anySnapshot, CALM_MACHINE } from "../findings/testing/snapshots.ts";
import { severityRank } from "../findings/worst.ts";
import { exampleFinding } from "../testing/example-findings.ts";
import { chooseFindings } from "./choose-findings.ts";
import { SCENARIO_NAMES, SCENARIOS } from "./index.ts";

function finding(kind: FindingKind, severity: FindingSeverity = "ok", subject = ""): Finding {
  return exampleFinding(kind, severity, [], { en: "", ja: "" }, { subject });
}

const chosen = (name: keyof typeof SCENARIOS, findings: readonly Finding[]): readonly string[] =>
  chooseFindings(SCENARIOS[name], findings).map(({ kind, subject }) => kind + subject);

describe("the findings of a scenario", () => {
  it("are those of its kinds, in its own order of importance", () => {
    const calm = findingsOf(CALM_MACHINE);
    expect(chosen("memory-status", calm)).toEqual(["memory", "swap", "process-memorynode"]);
    expect(chosen("disk-analysis", calm)).toEqual(["disk/"]);
    expect(chosen("quick-status", calm.toReversed())).toEqual(["cpu", "memory", "disk/"]);
  });

  it("begin with the worst", () => {
    const findings = [
      finding("cpu"),
      finding("memory", "warning"),
      finding("disk", "critical", "/a"),
      finding("disk", "ok", "/b"),
    ];
    expect(chosen("quick-status", findings)).toEqual(["disk/a", "memory", "cpu", "disk/b"]);
  });

  it("are one of each kind before the second of any, when all is well", () => {
    const findings = [
      ...["a", "b", "c"].map((name) => finding("process-cpu", "ok", name)),
      ...["d", "e"].map((name) => finding("process-memory", "ok", name)),
      finding("process-count"),
    ];
    expect(chosen("process-information", findings)).toEqual([
      ...["process-cpua", "process-memoryd", "process-count"],
      ...["process-cpub", "process-memorye", "process-cpuc"],
    ]);
  });

  it("are all that is in trouble first, also several of one kind", () => {
    const findings = [
      finding("cpu"),
      finding("disk", "warning", "/a"),
      finding("disk", "warning", "/b"),
    ];
    expect(chosen("overall-health", findings)).toEqual(["disk/a", "disk/b", "cpu"]);
  });

  it("of the urgent check are only what is in trouble, and everything when nothing is", () => {
    const calm = [finding("cpu"), finding("memory")];
    expect(chosen("urgent-check", [...calm, finding("disk", "warning", "/")])).toEqual(["disk/"]);
    expect(chosen("urgent-check", calm)).toEqual(["cpu", "memory"]);
  });

  it("are the same findings, each once, with none of its kinds left out but by the urgent check", () => {
    fc.assert(
      fc.property(anySnapshot, fc.constantFrom(...SCENARIO_NAMES), (snapshot, name) => {
        const scenario = SCENARIOS[name];
        const own = findingsOf(snapshot).filter(({ kind }) => scenario.kinds.includes(kind));
        const wanted =
          scenario.onlyTrouble && own.some(({ severity }) => severity !== "ok")
            ? own.filter(({ severity }) => severity !== "ok")
            : own;
        const found = chooseFindings(scenario, findingsOf(snapshot));
        expect(found).toHaveLength(wanted.length);
        expect(found).toEqual(expect.arrayContaining(wanted));
        const ranks = found.map(({ severity }) => severityRank(severity));
        expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
      }),
    );
  });
});
