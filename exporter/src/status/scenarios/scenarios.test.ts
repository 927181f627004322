import { describe, expect, it } from "@jest/globals";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { FindingKind } from "../findings/finding.ts";
import { FINDING_KINDS } from "../findings/finding.ts";
import { findingsOf } from "../findings/findings-of.ts";
import { CALM_MACHINE } from "../findings/testing/snapshots.ts";
import { LANGUAGES } from "../../language.ts";
import { SNAPSHOT_PARTS, type SnapshotPart } from "../snapshot/snapshot.ts";
import { SCENARIO_NAMES, SCENARIOS } from "./index.ts";

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
