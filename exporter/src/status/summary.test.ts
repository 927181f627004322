import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { FALLBACK_REASONS } from "./answer.ts";
import type { Question } from "./ask-model.ts";
import { findingsOf } from "./findings/findings-of.ts";
import { anySnapshot } from "./findings/testing/snapshots.ts";
import { LANGUAGES } from "../language.ts";
import { inOwnWords, statementFrom } from "./own-words.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import { STRATEGY } from "./strategies.ts";
import { parseSummary, type Summary } from "./summary.ts";
import { BUSY_CPU, ROOT_DISK } from "./testing/example-findings.ts";

const QUESTION: Question = {
  scenario: SCENARIOS["detailed-analysis"],
  strategy: STRATEGY.quality,
  language: "en",
  findings: [BUSY_CPU, ROOT_DISK],
};
const SNAPSHOT = {
  takenAt: "2026-01-02T03:04:05.000Z",
  unavailable: [{ part: "network", reason: "the deadline came first" }],
} as const;
const SUMMARY: Summary = inOwnWords(QUESTION, statementFrom(QUESTION, SNAPSHOT), "ungrounded");
const [FINDING] = SUMMARY.findings;

/** As a cache outside of this process gives it back. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("parseSummary", () => {
  it("takes the findings' own words back from a cache, whatever the machine and the reason", () => {
    const reasons = fc.constantFrom(...FALLBACK_REASONS, undefined);
    fc.assert(
      fc.property(
        anySnapshot,
        fc.constantFrom(...LANGUAGES),
        reasons,
        (snapshot, language, reason) => {
          const question = { ...QUESTION, language, findings: findingsOf(snapshot) };
          const summary = inOwnWords(question, statementFrom(question, snapshot), reason);
          expect(parseSummary(stored(summary))).toEqual(stored(summary));
        },
      ),
    );
  });

  it("takes the model's words", () => {
    const own = inOwnWords(QUESTION, statementFrom(QUESTION, SNAPSHOT), undefined);
    const summary: Summary = { ...own, summary: "All.", summaryFrom: "model", grounded: true };
    expect(parseSummary(stored(summary))).toEqual(summary);
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
    ["a field too few", { ...SUMMARY, grounded: undefined }],
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
