import { describe, expect, it } from "@jest/globals";
import { type Check, type CheckContext, outcomeOf } from "./check.ts";
import { count } from "./jest.ts";
import { runChecks } from "./run-checks.ts";

const check = (name: string, run: Check["run"]): Check => ({ name, title: `about ${name}`, run });

const context = (signal = new AbortController().signal): CheckContext => ({
  env: {},
  activity: (_title, work) => work(),
  signal,
  tool: async (name) => name,
});

describe("runChecks", () => {
  it("goes on after a failure, counts all, and sums up in the last line", async () => {
    const lines: string[] = [];
    const total = await runChecks(
      [
        check("good", async () => outcomeOf(true)),
        check("bad", async () => outcomeOf(false)),
        check("broken", () => Promise.reject(new Error("cannot start"))),
        check("many", async () => ({ passed: 40, failed: 2 })),
      ],
      context(),
      (line) => lines.push(line),
    );
    expect(total).toEqual({ passed: 41, failed: 4 });
    expect(lines.at(-1)).toBe("41 passed, 4 failed");
    expect(lines).toContain("cannot start");
    expect(lines.filter((line) => line.startsWith("FAILED"))).toHaveLength(3);
  });

  it("ends at once when it is interrupted", async () => {
    const controller = new AbortController();
    const ran: string[] = [];
    const running = runChecks(
      [
        check("first", async () => {
          controller.abort(new Error("interrupted"));
          controller.signal.throwIfAborted();
          return outcomeOf(true);
        }),
        check("second", async () => (ran.push("second"), outcomeOf(true))),
      ],
      context(controller.signal),
      () => {},
    );
    await expect(running).rejects.toThrow("interrupted");
    expect(ran).toEqual([]);
  });
});

describe("count", () => {
  const result = { numPassedTests: 10, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };

  it("counts files that could not be loaded as failures", () => {
    expect(count({ ...result, numRuntimeErrorTestSuites: 2 }, 1)).toEqual({
      passed: 10,
      failed: 2,
    });
  });

  it("does not call a run passed that failed for another reason", () => {
    expect(count(result, 1)).toEqual({ passed: 10, failed: 1 });
    expect(count(result, 0)).toEqual({ passed: 10, failed: 0 });
  });
});
