import { describe, expect, it } from "@jest/globals";
import { profile } from "../plan/profiles.ts";
import {
  EXAMPLE_LATENCY,
  exampleFigures,
  exampleReport,
  exampleStatusFigures,
} from "../testing/example-run.ts";
import { exampleStatusAnswer } from "../testing/example-answers.ts";
import { readStatusAnswer } from "../plan/status-answer.ts";
import { STATUS_SCENARIOS } from "../plan/status-mix.ts";
import { askedAnswer } from "./asked-answers.ts";
import { renderMarkdown } from "./markdown.ts";
import { exitCode } from "./report.ts";
import { renderTerminal } from "./terminal.ts";

const slow = exampleFigures({ sentiment: { latency: { ...EXAMPLE_LATENCY, p95: 0.75 } } });
const wrong = exampleFigures({ checks: [{ name: "a | b", passes: 90, fails: 10 }] });
const seeking = { profile: profile("breakpoint") };

const cutShort = (report: ReturnType<typeof exampleReport>) => ({
  ...report,
  measurements: { ...report.measurements, complete: false },
});

describe("the exit code", () => {
  it("is 0 within the limits", () => expect(exitCode(exampleReport())).toBe(0));
  it("is 1 when a limit is broken", () => expect(exitCode(exampleReport({}, slow))).toBe(1));
  it("is 1 when an answer is wrong", () => expect(exitCode(exampleReport({}, wrong))).toBe(1));
  it("is 1 when the load was not offered in full", () =>
    expect(exitCode(exampleReport({}, exampleFigures({ dropped: 1 })))).toBe(1));
  it("is 2 when it was cut short within the limits", () =>
    expect(exitCode(cutShort(exampleReport()))).toBe(2));
  it("is 1 when it was cut short beyond a limit", () =>
    expect(exitCode(cutShort(exampleReport({}, slow)))).toBe(1));
  it("is 0 when a limit was looked for and found", () =>
    expect(exitCode(exampleReport(seeking, { ...slow, dropped: 3 }))).toBe(0));
  it("is 1 when answers went wrong on the way", () =>
    expect(exitCode(exampleReport(seeking, wrong))).toBe(1));
});

describe.each([
  ["terminal", renderTerminal],
  ["Markdown", renderMarkdown],
])("the report in %s", (_, render) => {
  it("shows each limit with what was observed, what is allowed and what is left", () => {
    const text = render(exampleReport());
    expect(text).toMatch(/Latency, P95 .* warning .* 45 ms .* below 500 ms .* 91.0 % .* within/);
    expect(text).toMatch(
      /Memory used, exporter .* 400 MB \(0.8 % of the memory\) .* below 33.60 GB .* 98.8 %/,
    );
    expect(text).toMatch(/Entropy .* 1.40 nats .* 92.0 %/);
    expect(text).toMatch(/From the cache .* 10.0 %/);
    expect(text).toMatch(/agree \(they differ by/);
    expect(text).toContain("Within all limits. Nearest:");
  });

  it("says in words what broke, and by how much", () => {
    const text = render(exampleReport({}, slow));
    expect(text).toContain("BROKEN by 50.0 %");
    expect(text).toContain("LIMIT BROKEN: Latency, P95 (warning).");
  });

  it("says what was wrong with the answers", () => {
    const text = render(exampleReport({}, wrong));
    expect(text).toMatch(/FAILED: not so: every answer passes its checks/);
    expect(text).toContain("not in 10 answers: a");
  });

  it("shows each status analysis with its P95, its target and what is left, and all together", () => {
    const text = render(exampleReport({ profile: profile("status") }, exampleStatusFigures()));
    expect(text).toMatch(/Status analysis: quick status, P95 .* 1.50 s .* below 3.00 s .* 50.0 %/);
    expect(text).toMatch(/memory status .* 10 .* 1.75 s .* 3.50 s .* 50.0 % .* 40.0 % .* 75.0 %/);
    expect(text).toMatch(/Answered .* 100.0 % .* 80 of 80, 0 refused/);
    expect(text).toMatch(/findings' own sentences .* 32 .* 16: the deadline came first; 16: the m/);
    expect(text).toMatch(/Status answers, mean time .* 700 ms .* at most 793 ms .* reached/);
    expect(text).toContain("1.0 status questions a second, language en, strategy balanced");
    expect(text).not.toMatch(/NaN|undefined|Infinity|Throughput|messages a request/);
  });

  it("shows the machine in eight answers, wrong ones too", () => {
    const reading = readStatusAnswer(exampleStatusAnswer());
    if (!reading) throw new Error("the example is no answer");
    const statusAnswers = STATUS_SCENARIOS.map((scenario) =>
      askedAnswer(
        scenario,
        1,
        scenario === "disk-analysis" ? { failure: "it answered 500" } : { reading, wrong: [] },
      ),
    );
    const text = render(exampleReport({ statusAnswers }));
    expect(text).toContain("The machine, in eight answers");
    expect(text).toMatch(
      /urgent check .* warning .* Memory is tight: 87 % is used.* model .* 1.00 s .* 2.00 s/,
    );
    expect(text).toMatch(/disk analysis .* - .* FAILED: it answered 500 .* 4.50 s/);
  });

  it("says SIMULATED at the top, and only then", () => {
    const { exporter } = exampleReport();
    const simulated = render(exampleReport({ exporter: { ...exporter, simulated: true } }));
    expect(simulated.split("\n").slice(0, 3).join()).toContain("SIMULATED");
    expect(render(exampleReport())).not.toContain("SIMULATED");
    const chat = { model: "m", engine: "simulated" };
    const asked = { exporter: { ...exporter, chat }, profile: profile("status") };
    expect(render(exampleReport(asked, exampleStatusFigures()))).toContain("SIMULATED");
    // Nobody asked the simulated one.
    expect(render(exampleReport({ exporter: { ...exporter, chat } }))).not.toContain("SIMULATED");
  });

  it("shows a dash for what was not measured, never NaN", () => {
    const nothing = exampleFigures({
      sentiment: {
        requests: 0,
        messages: { sent: 0, answered: 0, cached: 0 },
        latency: { mean: NaN, p50: NaN, p90: NaN, p95: NaN, p99: NaN, max: NaN },
      },
    });
    const text = render(exampleReport({}, nothing));
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(text).toContain("not measured");
  });
});

it("does not let a cell break a Markdown table", () => {
  expect(renderMarkdown(exampleReport({}, wrong))).toContain("a \\| b");
});

it("wraps a long status answer in the terminal, so that its table stays narrow", () => {
  const reading = readStatusAnswer({
    ...exampleStatusAnswer(),
    summary: "The memory is nearly full. ".repeat(20),
  });
  if (!reading) throw new Error("the example is no answer");
  const statusAnswers = [askedAnswer("quick-status", 1, { reading, wrong: [] })];
  const lines = renderTerminal(exampleReport({ statusAnswers })).split("\n");
  const table = lines.slice(lines.indexOf("The machine, in eight answers"));
  expect(table.filter((line) => line.includes("memory is nearly")).length).toBeGreaterThan(5);
  expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(120);
});
