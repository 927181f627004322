import { describe, expect, it } from "@jest/globals";
import { checkMarkdown, checkText } from "./report.ts";
import type { CheckResult } from "./run-check.ts";

const RESULT: CheckResult = {
  kind: "daily",
  at: "2026-03-04T05:06:07.000Z",
  url: "http://127.0.0.1:9700",
  incidents: "http://127.0.0.1:9702",
  prometheus: "http://127.0.0.1:9090",
  simulated: false,
  steps: [
    { id: "a", title: "First", observed: "up", limit: "up", verdict: "pass", detail: "" },
    {
      id: "b",
      title: "Second",
      observed: "|z| 9",
      limit: "|z| up to 3.5",
      verdict: "fail",
      detail: "Do this.",
      runbook: "HeadroomLatencyHigh",
    },
    {
      id: "c",
      title: "Third",
      observed: "-",
      limit: "-",
      verdict: "unknown",
      detail: "Too early.",
    },
  ],
  counts: { pass: 1, fail: 1, unknown: 1 },
};

describe("the result of a check", () => {
  it("is a table with what to do, why something is not known, and the counts last", () => {
    expect(checkText(RESULT).split("\n")).toEqual([
      "step    observed  limit          verdict",
      "Second  |z| 9     |z| up to 3.5  fail",
      "Third   -         -              unknown",
      "First   up        up             pass",
      "",
      "What to do",
      "  Second: Do this. Runbook: http://127.0.0.1:9702/runbooks/HeadroomLatencyHigh",
      "",
      "Not known, and why",
      "  Third: Too early.",
      "",
      "daily check: 1 passed, 1 failed, 1 unknown",
    ]);
  });

  it("says that it is simulated", () => {
    const simulated = { ...RESULT, simulated: true };
    for (const text of [checkText(simulated), checkMarkdown(simulated)]) {
      expect(text).toContain("Simulated engine");
    }
  });

  it("is a Markdown table in which no text ends a cell", () => {
    const text = checkMarkdown(RESULT);
    expect(text).toContain("| Second | \\|z\\| 9 | \\|z\\| up to 3.5 | fail |");
    expect(text).toContain("- Third: Too early.");
  });
});
