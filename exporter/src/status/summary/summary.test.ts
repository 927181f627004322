import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { FALLBACK_REASONS, STRATEGY, type Summary } from "../answer.ts";
import { findingsOf } from "../findings/machine-findings.ts";
import { anySnapshot } from "../testing/example-snapshots.ts";
import { LANGUAGES } from "../../language.ts";
import { Arrangement } from "./arrangement.ts";
import { SCENARIOS, type ScenarioFindings } from "../scenarios.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { parseSummary, statementFrom, summaryOf } from "./summary.ts";
import { BUSY_CPU, FREE_MEMORY, ROOT_DISK } from "../testing/example-findings.ts";

const FOUND: ScenarioFindings = {
  scenario: SCENARIOS["detailed-analysis"],
  strategy: STRATEGY.quality,
  language: "en",
  findings: [BUSY_CPU, ROOT_DISK],
  isComplete: true,
};
const SNAPSHOT = {
  takenAt: "2026-01-02T03:04:05.000Z",
  unavailable: [{ part: "network", reason: "the deadline came first" }],
} as const;
const summarise = (
  found: ScenarioFindings,
  reason: Summary["fallback"],
  snapshot: Snapshot = SNAPSHOT,
) => summaryOf(statementFrom(found, snapshot), new Arrangement(found), reason);
const SUMMARY = summarise(FOUND, "ungrounded");
const [FINDING] = SUMMARY.findings;

/** As a cache outside of this process gives it back. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the statement about a snapshot", () => {
  it("has the worst severity, and each finding in the language that was asked for", () => {
    const { status, findings, takenAt } = statementFrom({ ...FOUND, language: "ja" }, SNAPSHOT);
    expect([status, takenAt]).toEqual(["critical", SNAPSHOT.takenAt]);
    expect(findings.map(({ text }) => text)).toEqual(FOUND.findings.map(({ text }) => text.ja));
    expect(findings[0]).toMatchObject({ kind: "cpu", limit: 0.95 });
  });

  it("is a warning when what was asked about cannot be seen, and ok when there is none of it", () => {
    const empty = { ...FOUND, findings: [] };
    expect(statementFrom(empty, SNAPSHOT).status).toBe("warning");
    expect(statementFrom(empty, { ...SNAPSHOT, unavailable: [] }).status).toBe("ok");
    const seen = { ...FOUND, findings: [FREE_MEMORY] };
    expect(statementFrom(seen, SNAPSHOT).status).toBe("ok");
  });
});

describe("a summary", () => {
  it("says as many findings as the strategy tells, and lists them all", () => {
    const { summary, findings } = summarise(
      { ...FOUND, strategy: STRATEGY.speed, findings: [BUSY_CPU, ROOT_DISK, FREE_MEMORY] },
      "deadline",
    );
    expect(summary).toContain("The CPU is 97 % busy, above 95 %.");
    expect(summary).toContain("Disk / is 61 % full.");
    expect(summary).not.toContain("Memory");
    expect(findings).toHaveLength(3);
  });

  it.each(FALLBACK_REASONS)("is the findings' where the model has no part in it: %s", (reason) => {
    expect(summarise(FOUND, reason)).toMatchObject({
      summaryFrom: "findings",
      fallback: reason,
    });
  });

  it("is the model's when there is no reason against it", () => {
    const summary = summarise(FOUND, undefined);
    expect(summary.summaryFrom).toBe("model");
    expect(summary).not.toHaveProperty("fallback");
  });
});

describe("parseSummary", () => {
  it("takes a summary back from a cache, whatever the machine and the reason", () => {
    const reasons = fc.constantFrom(...FALLBACK_REASONS, undefined);
    fc.assert(
      fc.property(
        anySnapshot,
        fc.constantFrom(...LANGUAGES),
        reasons,
        (snapshot, language, reason) => {
          const found = { ...FOUND, language, findings: findingsOf(snapshot) };
          const summary = summarise(found, reason, snapshot);
          expect(parseSummary(stored(summary))).toEqual(stored(summary));
        },
      ),
    );
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "OK"],
    ["an empty summary", { ...SUMMARY, summary: "" }],
    ["an unknown severity", { ...SUMMARY, status: "fine" }],
    ["an unknown reason", { ...SUMMARY, fallback: "mood" }],
    ["an unknown author", { ...SUMMARY, summaryFrom: "somebody" }],
    ["a time in words", { ...SUMMARY, takenAt: "yesterday" }],
    ["a field too many", { ...SUMMARY, more: 1 }],
    ["a field too few", { ...SUMMARY, summaryFrom: undefined }],
    ["an unknown part", { ...SUMMARY, unavailable: [{ part: "soul", reason: "" }] }],
    ["an unknown kind", { ...SUMMARY, findings: [{ ...FINDING, kind: "mood" }] }],
    ["a finding in two languages", { ...SUMMARY, findings: [BUSY_CPU] }],
    [
      "a number that is none",
      {
        ...SUMMARY,
        findings: [{ ...FINDING, values: [{ name: "a", value: NaN, unit: "ratio" }] }],
      },
    ],
    [
      "an unknown unit",
      { ...SUMMARY, findings: [{ ...FINDING, values: [{ name: "a", value: 1, unit: "mile" }] }] },
    ],
  ])("refuses %s", (_, value) => {
    expect(() => parseSummary(stored(value))).toThrow(
      expect.objectContaining({ name: "ZodError" }),
    );
  });
});
