import { describe, expect, it } from "@jest/globals";
import type { StatusEvent, Summary } from "../answer.ts";
import { Telling } from "./telling.ts";

const STATEMENT = {
  status: "ok",
  takenAt: "2026-01-02T03:04:05.000Z",
  findings: [],
  unavailable: [],
} as const;
const SUMMARY: Summary = {
  ...STATEMENT,
  summary: "OK: nothing looked at is at a limit. All is well.",
  summaryFrom: "model",
};

function told(tell: (telling: Telling) => void): readonly StatusEvent[] {
  const events: StatusEvent[] = [];
  tell(new Telling((event) => events.push(event)));
  return events;
}

const FINDINGS = { type: "findings", statement: STATEMENT } as const;

describe("telling", () => {
  it("gives the findings once, then each piece", () => {
    const events = told((telling) => {
      telling.findings(STATEMENT);
      telling.findings(STATEMENT);
      telling.text("OK: nothing looked at is at a limit.");
      telling.text(" All is well.");
      telling.finish(SUMMARY);
    });
    expect(events).toEqual([
      FINDINGS,
      { type: "delta", text: "OK: nothing looked at is at a limit." },
      { type: "delta", text: " All is well." },
    ]);
  });

  it("tells everything at the end when nothing was told on the way, as from the cache", () => {
    expect(told((telling) => telling.finish(SUMMARY))).toEqual([
      FINDINGS,
      { type: "delta", text: SUMMARY.summary },
    ]);
  });

  it("tells no more of a statement than it has to, whatever the summary holds besides", () => {
    const [findings] = told((telling) => telling.finish({ ...SUMMARY, fallback: "deadline" }));
    expect(findings).toEqual(FINDINGS);
  });

  it("tells what is missing of a summary that was cut off", () => {
    const events = told((telling) => {
      telling.text("OK: nothing looked at");
      telling.finish({ ...SUMMARY, fallback: "deadline" });
    });
    expect(events.at(-1)).toEqual({ type: "delta", text: " is at a limit. All is well." });
  });

  it("drops what comes after the answer", () => {
    const events = told((telling) => {
      telling.finish(SUMMARY);
      telling.findings(STATEMENT);
      telling.text(" Late.");
    });
    expect(events.map(({ type }) => type)).toEqual(["findings", "delta"]);
  });

  it("needs nobody who listens", () => {
    const telling = new Telling(undefined);
    telling.text("OK");
    expect(() => telling.finish(SUMMARY)).not.toThrow();
  });
});
