import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { LANGUAGES } from "../language.ts";
import {
  FINDING_KINDS,
  severityRank,
  type Finding,
  type FindingKind,
  type FindingSeverity,
} from "./findings/finding.ts";
import { findingsOf } from "./findings/machine-findings.ts";
import { chooseFindings, SCENARIO_NAMES, SCENARIOS } from "./scenarios.ts";
import { SNAPSHOT_PARTS, type SnapshotPart } from "./snapshot/snapshot.ts";
import { exampleFinding } from "./testing/example-findings.ts";
import { anySnapshot, CALM_MACHINE } from "./testing/example-snapshots.ts";

/** A machine with all that one can have; no real one is a Mac and a Linux container. */
const MACHINE = {
  ...CALM_MACHINE,
  memory: {
    ...CALM_MACHINE.memory,
    container: { totalBytes: 4e9, usedBytes: 1e9 },
    pressure: 1 as const,
  },
};

/** Which part of a snapshot each kind of finding comes from, as the findings themselves show. */
const PART_OF = new Map<FindingKind, SnapshotPart>(
  SNAPSHOT_PARTS.flatMap((part) => {
    const { takenAt, unavailable } = CALM_MACHINE;
    const alone = { takenAt, unavailable, [part]: MACHINE[part] };
    return findingsOf(alone).map(({ kind }) => [kind, part] as const);
  }),
);

it("every kind of finding comes from a part", () => {
  expect([...PART_OF.keys()].sort()).toEqual([...FINDING_KINDS].sort());
});

it("the scenarios are those that have a target", () => {
  expect([...SCENARIO_NAMES].sort()).toEqual(Object.keys(STATUS_TARGET_SECONDS).sort());
  expect(SCENARIO_NAMES).toHaveLength(8);
});

describe.each(SCENARIO_NAMES)("%s", (name) => {
  const scenario = SCENARIOS[name];

  it("goes by its own name and has its target", () => {
    expect(scenario.name).toBe(name);
    expect(scenario.targetSeconds).toBe(STATUS_TARGET_SECONDS[name]);
  });

  it("reads just the parts that its findings come from", () => {
    const needed = new Set(scenario.kinds.map((kind) => PART_OF.get(kind)!));
    expect([...scenario.parts].sort()).toEqual([...needed].sort());
  });

  it("names each kind of finding once", () => {
    expect(scenario.kinds.length).toBeGreaterThan(0);
    expect(new Set(scenario.kinds).size).toBe(scenario.kinds.length);
  });

  it("asks its own question in each language", () => {
    const others = SCENARIO_NAMES.filter((other) => other !== name).map((n) => SCENARIOS[n]);
    for (const language of LANGUAGES) {
      const question = scenario.question[language];
      expect(question).toMatch(/\?$/);
      expect(others.map((other) => other.question[language])).not.toContain(question);
    }
  });
});

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
