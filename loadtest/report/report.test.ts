import { describe, expect, it } from "@jest/globals";
import { profile } from "../plan/profiles.ts";
import { exampleFigures, exampleReport } from "../testing/example-run.ts";
import { renderMarkdown } from "./markdown.ts";
import { exitCode } from "./report.ts";
import { renderTerminal } from "./terminal.ts";

const { latency } = exampleFigures();
const slow = exampleFigures({ latency: { ...latency, p95: 0.75 } });
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
    expect(text).toMatch(/FAILED: not so: every answer has the right shape/);
    expect(text).toContain("not in 10 answers: a");
  });

  it("says SIMULATED at the top, and only then", () => {
    const { exporter } = exampleReport();
    const simulated = render(exampleReport({ exporter: { ...exporter, simulated: true } }));
    expect(simulated.split("\n").slice(0, 3).join()).toContain("SIMULATED");
    expect(render(exampleReport())).not.toContain("SIMULATED");
  });

  it("shows a dash for what was not measured, never NaN", () => {
    const nothing = exampleFigures({
      requests: 0,
      messages: { sent: 0, answered: 0, cached: 0 },
      latency: { mean: NaN, p50: NaN, p90: NaN, p95: NaN, p99: NaN, max: NaN },
    });
    const text = render(exampleReport({}, nothing));
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    expect(text).toContain("not measured");
  });
});

it("does not let a cell break a Markdown table", () => {
  expect(renderMarkdown(exampleReport({}, wrong))).toContain("a \\| b");
});
