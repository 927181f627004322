import { describe, expect, it } from "@jest/globals";
import { FALLBACK_REASONS } from "./answer.ts";
import type { Question } from "./ask-model.ts";
import { inOwnWords, statementFrom } from "./own-words.ts";
import { SCENARIOS } from "./scenarios/index.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { STRATEGY } from "./strategies.ts";
import { FREE_MEMORY, FULL_MEMORY, IDLE_CPU, ROOT_DISK } from "./testing/example-findings.ts";

const QUESTION: Question = {
  scenario: SCENARIOS["quick-status"],
  strategy: STRATEGY.speed,
  language: "en",
  findings: [FULL_MEMORY, IDLE_CPU, ROOT_DISK],
};
const SNAPSHOT: Snapshot = { takenAt: "2026-01-02T03:04:05.000Z", unavailable: [] };

describe("the statement about a snapshot", () => {
  it("has the worst severity, and each finding in the question's language", () => {
    const { status, findings, takenAt } = statementFrom({ ...QUESTION, language: "ja" }, SNAPSHOT);
    expect(status).toBe("warning");
    expect(takenAt).toBe(SNAPSHOT.takenAt);
    expect(findings.map(({ text }) => text)).toEqual(QUESTION.findings.map(({ text }) => text.ja));
    expect(findings[0]).toMatchObject({ kind: "memory", limit: 0.85 });
  });

  it("is a warning when what was asked about cannot be seen, and ok when there is none of it", () => {
    const empty = { ...QUESTION, findings: [] };
    const unavailable = [{ part: "disks", reason: "too slow" }] as const;
    expect(statementFrom(empty, { ...SNAPSHOT, unavailable }).status).toBe("warning");
    expect(statementFrom(empty, SNAPSHOT).status).toBe("ok");
    const seen = { ...QUESTION, findings: [FREE_MEMORY] };
    expect(statementFrom(seen, { ...SNAPSHOT, unavailable }).status).toBe("ok");
  });
});

describe("a summary in the findings' own words", () => {
  const statement = statementFrom(QUESTION, SNAPSHOT);

  it("says as many findings as the strategy tells, and lists them all", () => {
    const summary = inOwnWords(QUESTION, statement, "deadline");
    expect(summary.summary).toContain("Memory is 88 % used");
    expect(summary.summary).toContain("The CPU is 23 % busy.");
    expect(summary.summary).not.toContain("Disk");
    expect(summary.findings).toHaveLength(3);
  });

  it.each(FALLBACK_REASONS)("is grounded unless the model's words were dropped: %s", (reason) => {
    expect(inOwnWords(QUESTION, statement, reason)).toMatchObject({
      summaryFrom: "findings",
      fallback: reason,
      grounded: reason !== "ungrounded",
    });
  });

  it("has no reason when there is none", () => {
    expect(inOwnWords(QUESTION, statement, undefined)).not.toHaveProperty("fallback");
  });
});
