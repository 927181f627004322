import { describe, expect, it } from "@jest/globals";
import { profile } from "../plan/profiles.ts";
import { exampleStep } from "../testing/example-sweep.ts";
import { chatTables } from "./chat-tables.ts";
import { sweepInTerminal, sweepSvg } from "./sweep-chart.ts";
import { chatInWords, kneeOf, type Sweep, type SweepEnd, sweepInWords } from "./sweep.ts";

const sweep = (kind: Exclude<SweepEnd["kind"], "failed">, ...steps: Sweep["steps"]): Sweep => ({
  steps,
  end: { kind },
});

const SLOW = exampleStep(8, { firstToken: 0.74, goodput: 0.5, answers: 80 });

describe("what a sweep found, in words", () => {
  it("is the last number of users that was measured within the limits, and what broke at the next", () => {
    expect(sweepInWords(sweep("limit", exampleStep(1), exampleStep(6), SLOW))).toBe(
      "6 users at once stay within your limits; at 8, the first token takes 740 ms (limit 500 ms).",
    );
    expect(
      sweepInWords(sweep("limit", exampleStep(1), exampleStep(2, { outputToken: 0.14 }))),
    ).toBe(
      "1 user stays within your limits; at 2, each further token takes 140 ms (limit 100 ms).",
    );
  });

  it("is no contradiction where a value lies at its limit", () => {
    const at = exampleStep(4, { outputToken: 0.1003 });
    expect(sweepInWords(sweep("limit", exampleStep(2), at))).toContain(
      "each further token takes no less than 100 ms (limit 100 ms)",
    );
  });

  it("says so when not even one user stays within them", () => {
    expect(sweepInWords(sweep("limit", exampleStep(1, { firstToken: 3 })))).toBe(
      "Not even one user stays within your limits: the first token takes 3.00 s (limit 500 ms).",
    );
    expect(sweepInWords(sweep("limit", exampleStep(1, { failed: 10, goodput: 0.8 })))).toBe(
      "Not even one user stays within your limits: 20.0 % of the requests fail (limit 5.0 %).",
    );
    expect(sweepInWords(sweep("limit", exampleStep(1, { goodput: 0.8 })))).toContain(
      "only 80.0 % of the requests meet the limits (limit 90.0 %)",
    );
  });

  it("claims nothing beyond what was tried", () => {
    expect(sweepInWords(sweep("last", exampleStep(8), exampleStep(16)))).toBe(
      "16 users at once stay within your limits; more were not tried.",
    );
    expect(sweepInWords(sweep("time", exampleStep(1)))).toBe(
      "1 user stays within your limits; the time was over before more were tried.",
    );
    const few = exampleStep(2, { answers: 3 });
    expect(sweepInWords(sweep("evidence", exampleStep(1), few))).toBe(
      "1 user stays within your limits; at 2, only 3 streamed answers came in 12.00 s, " +
        "too few to judge (a longer --duration gives more).",
    );
    expect(sweepInWords(sweep("evidence", few))).toMatch(/^At 2 users, only 3 streamed answers/);
    expect(sweepInWords(sweep("stopped", exampleStep(1), few))).toBe(
      "The sweep was stopped at 2 users. 1 user stays within your limits.",
    );
  });

  it("is told of one number of users, too", () => {
    expect(chatInWords("8 users at once", SLOW.verdicts)).toBe(
      "At 8 users at once, the first token takes 740 ms (limit 500 ms).",
    );
    expect(chatInWords("8 users at once", exampleStep(8).verdicts)).toBe(
      "8 users at once stay within your limits.",
    );
    expect(chatInWords("1 user", exampleStep(1).verdicts)).toBe("1 user stays within your limits.");
    expect(chatInWords("1 user", exampleStep(1, { answers: 4 }).verdicts)).toMatch(/too few/);
  });

  it("names the error that it ended with", () => {
    const check = {
      about: "answers",
      title: "Every answer is right",
      holds: false,
      found: "no",
    } as const;
    const ended = {
      steps: [exampleStep(2), exampleStep(4)],
      end: { kind: "failed", check } as const,
    };
    expect(sweepInWords(ended)).toBe(
      "The sweep ended with an error at 4 users: not so: every answer is right (no). " +
        "Before, 2 users at once stay within your limits.",
    );
    expect(sweepInWords({ ...ended, steps: [exampleStep(2)] })).not.toContain("Before");
  });
});

describe("the knee", () => {
  const at = (users: number, answers: number, firstToken: number) =>
    exampleStep(users, { answers, firstToken });

  it("is the step with the most throughput for its response time", () => {
    expect(kneeOf(sweep("last", at(1, 10, 0), at(2, 20, 0.1), at(4, 22, 3)))).toBe(1);
  });

  it("is not told of two steps", () => {
    expect(kneeOf(sweep("last", at(1, 10, 0), at(2, 20, 0.1)))).toBeUndefined();
  });
});

describe("the tables of a sweep", () => {
  const tables = (...answers: number[]) => {
    const steps = answers.map((count, i) => exampleStep(2 ** i, { answers: count }));
    return chatTables(steps[0]!.measurements, profile("sweep").chat!, sweep("last", ...steps));
  };

  it("show only the percentiles that the answers suffice for", () => {
    const [, times] = tables(4, 19, 20, 100);
    expect(times!.rows.map(([users, , firstToken]) => [users, firstToken])).toEqual([
      ["1", "- / - / -"],
      ["2", "200 ms / at most 200 ms / -"],
      ["4", "200 ms / 200 ms / -"],
      ["8", "200 ms / 200 ms / 200 ms"],
    ]);
  });

  it("say how each step fared", () => {
    const steps = [exampleStep(1), exampleStep(2), SLOW];
    const [all] = chatTables(
      steps[0]!.measurements,
      profile("sweep").chat!,
      sweep("limit", ...steps),
    );
    expect(all!.rows.map((row) => row.at(-1))).toEqual(["within", "within", "BROKEN"]);
  });
});

describe("the chart of a sweep", () => {
  const found = sweep("limit", exampleStep(1, { answers: 20 }), exampleStep(4), SLOW);

  it("holds each step by its users, and the limits, in the terminal and as a picture", () => {
    const [first, second] = sweepInTerminal(found).split("\n\n");
    expect(first).toContain("-- warning 500 ms --");
    expect(first).toMatch(/\|\s+8\*?$/m);
    expect(second).toMatch(/\|.* 1 .* 4/m);
    const svg = sweepSvg(found);
    expect(svg.match(/<circle/g)).toHaveLength(6);
    expect(svg).toContain(">4 users<");
    expect(svg).toContain(">warning 500 ms<");
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  it("leaves out steps without an answer, and charts without steps", () => {
    const none = exampleStep(1, {
      answers: 0,
      failed: 9,
      firstToken: Number.NaN,
      outputToken: Number.NaN,
    });
    expect(sweepInTerminal(sweep("limit", none))).toBe("");
    expect(sweepSvg(sweep("limit", none))).not.toContain("circle");
  });
});
