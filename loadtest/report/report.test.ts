import { describe, expect, it } from "@jest/globals";
import { profile, STATUS_SCENARIOS } from "../plan/profiles.ts";
import {
  EXAMPLE_LATENCY,
  exampleFigures,
  exampleMeasurements,
  exampleReport,
  exampleStatusFigures,
} from "../testing/example-run.ts";
import { exampleStatusAnswer } from "../testing/example-answers.ts";
import { readStatusAnswer } from "../plan/answers.ts";
import { limitsWithin } from "@headroom/alerts/limits";
import { askedAnswer } from "../run/ask-status.ts";
import { assess } from "./assessment.ts";
import { PLAIN, type Screen } from "./columns.ts";
import { renderMarkdown, renderTerminal } from "./render.ts";
import { exitCode } from "./report.ts";

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
  it("is 0 when the end that was looked for left messages without an answer", () => {
    const overloaded = { ...slow.sentiment, messages: { sent: 1000, answered: 500, cached: 0 } };
    expect(exitCode(exampleReport(seeking, exampleFigures({ sentiment: overloaded })))).toBe(0);
    expect(exitCode(exampleReport({}, exampleFigures({ sentiment: overloaded })))).toBe(1);
  });
  it("is 1 when nothing was answered, whatever was looked for", () => {
    const messages = { sent: 1000, answered: 0, cached: 0 };
    expect(exitCode(exampleReport(seeking, exampleFigures({ sentiment: { messages } })))).toBe(1);
  });
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
    expect(text).toMatch(/Memory used, system .* 2.00 GB .* 4.2 % .* below 33.60 GB .* 94.0 %/);
    expect(text).toMatch(/Entropy .* 1.40 nats .* 92.0 %/);
    expect(text).toMatch(/From the cache .* 10.0 %/);
    expect(text).toMatch(/agree \(they differ by/);
    expect(text).toContain("Within all limits. Nearest: Memory used, container (headroom 82.1 %).");
  });

  it("says which memory is judged, and whether its share or the bytes bind", () => {
    const limits = limitsWithin({ system: 51.5e9, container: 4e9 });
    const measurements = exampleMeasurements();
    const memory = { ...measurements.memory, capacityBytes: { system: 51.5e9, container: 4e9 } };
    const { verdicts } = assess(profile("throughput"), { ...measurements, memory }, limits);
    expect(
      render(exampleReport({ verdicts, measurements: { ...measurements, memory } })),
    ).toContain(
      "Memory is judged by system 51.50 GB (warning from 33.60 GB, the limit in bytes), " +
        "container 4.00 GB (warning from 2.80 GB, 70 % of it)",
    );
  });

  it("shows each scope's memory with its own capacity, and the parts without one", () => {
    const text = render(exampleReport());
    expect(text).toMatch(/system +[| ]*2.00 GB +[| ]*48.00 GB +[| ]*4.2 %/);
    expect(text).toMatch(/container +[| ]*500 MB +[| ]*4.00 GB +[| ]*12.5 %/);
    expect(text).toMatch(/model +[| ]*100 MB +[| ]*- +[| ]*-/);
  });

  it("has the limits in one order, the nearest first, and never more headroom than 100 %", () => {
    const text = render(exampleReport());
    const rows = text.split("\n").filter((line) => / (warning|critical) .* within/.test(line));
    const left = rows.map((row) => Number(/([\d.]+) % +[| ]*within/.exec(row)?.[1]));
    expect(left).toEqual([...left].sort((a, b) => a - b));
    // Twice the least sparsity and more is as good as it gets.
    expect(left.at(-1)).toBe(100);
    expect(text).toContain(/Memory used, container/.exec(rows[0] ?? "")?.[0] ?? "no limit");
  });

  it("says how many times the limit a value is that lies far beyond it", () => {
    const far = exampleFigures({ sentiment: { latency: { ...EXAMPLE_LATENCY, p95: 5.265 } } });
    const text = render(exampleReport({}, far));
    expect(text).toContain("BROKEN: 10 times the limit");
    expect(text).not.toContain("953");
  });

  it("says of a value at the limit that it is broken", () => {
    const at = exampleFigures({ sentiment: { latency: { ...EXAMPLE_LATENCY, p95: 0.5 } } });
    expect(render(exampleReport({}, at))).toContain("BROKEN: at the limit");
  });

  it("says that a time lies beyond what the exporter tells, and does not compare it", () => {
    const report = exampleReport();
    const sentiment = report.measurements.sentiment;
    if (!sentiment) throw new Error("the example sends messages");
    const p95 = { value: 5, isLeast: true };
    const beyond = (agrees: null | false) => ({
      ...report.measurements,
      sentiment: {
        ...sentiment,
        server: { ...sentiment.server, request: { mean: 4, p95 } },
        agreement: { agrees, differenceSeconds: -4.5, allowedSeconds: 2.5 },
      },
    });
    const unknown = render(exampleReport({ measurements: beyond(null) }));
    expect(unknown).toMatch(/seen by the exporter .* more than 5.00 s .* not to be compared/);
    expect(render(exampleReport({ measurements: beyond(false) }))).toContain("DISAGREE");
  });

  it("fails a run whose messages were not answered, and says which share", () => {
    const messages = { sent: 150_016, answered: 75_008, cached: 0 };
    const text = render(exampleReport({}, exampleFigures({ sentiment: { messages } })));
    expect(text).toMatch(/Messages were answered .* 75,008 of 150,016 \(50.0 %\) .* FAILED/);
    expect(text).toContain("FAILED: not so: messages were answered.");
    expect(text).toMatch(/Latency, P95 .* at most 55 ms .* not reached: too few were answered/);
  });

  it("says in words what broke, and by how much", () => {
    const text = render(exampleReport({}, slow));
    expect(text).toContain("BROKEN by 50.0 %");
    expect(text).toContain("LIMIT BROKEN: Latency, P95 (warning).");
  });

  it("claims no rate within the limits when the answers cannot be trusted", () => {
    const saturation = { messagesPerSecond: 900, atSeconds: 9 };
    const found = (k6: typeof wrong) => {
      const report = exampleReport(seeking, k6);
      return render({ ...report, measurements: { ...report.measurements, saturation } });
    };
    expect(found({ ...slow, dropped: 3 })).toContain("Up to 900 messages/s stay within");
    expect(found(wrong)).toContain("FAILED: not so: every answer passes its checks.");
    expect(found(wrong)).not.toContain("Up to 900");
  });

  it("says what was wrong with the answers", () => {
    const text = render(exampleReport({}, wrong));
    expect(text).toMatch(/FAILED: not so: every answer passes its checks/);
    expect(text).toContain("not in 10 answers: a");
  });

  it("shows each status scenario with its P95, its target and what is left, and all together", () => {
    const text = render(exampleReport({ profile: profile("status") }, exampleStatusFigures()));
    expect(text).toMatch(/Status: quick status, P95 .* 1.50 s .* below 3.00 s .* 50.0 %/);
    expect(text).toMatch(/memory status .* 10 .* 1.75 s .* 3.50 s .* 50.0 % .* 40.0 % .* 60.0 %/);
    expect(text).toMatch(/Answered .* 100.0 % .* 80 of 80, 0 refused/);
    expect(text).toMatch(/findings' own sentences .* 32 .* 16: the deadline came first; 16: the m/);
    expect(text).toMatch(/Status answers, mean time .* 700 ms .* at most 793 ms .* reached/);
    expect(text).toContain("1.0 status requests a second, language en, strategy balanced");
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
      /urgent check .* warning .* WARNING because of memory\. .* model .* 1.00 s .* 2.00 s/,
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
        wellMeant: 0,
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
  const screen = { ...PLAIN, columns: 120 };
  const lines = renderTerminal(exampleReport({ statusAnswers }), screen).split("\n");
  const table = lines.slice(lines.indexOf("The machine, in eight answers"));
  expect(table.filter((line) => line.includes("memory is nearly")).length).toBeGreaterThan(5);
  expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(120);
});

it("colours the limits by their state, and the answer by that of the whole", () => {
  const screen: Screen = { ...PLAIN, columns: 80, paint: (text, style) => `<${style} ${text}>` };
  const near = exampleFigures({ sentiment: { latency: { ...EXAMPLE_LATENCY, p95: 0.45 } } });
  const text = renderTerminal(exampleReport({}, near), screen);
  expect(text).toMatch(/^Latency, P95 .* 450 ms .* 10.0 % +<near within, near>$/m);
  expect(text).toMatch(/^<good Within all limits/m);
  const broken = renderTerminal(exampleReport({}, slow), screen);
  expect(broken).toMatch(/^Latency, P95 .* <bad BROKEN/m);
  expect(broken).toMatch(/^<bad LIMIT BROKEN: Latency, P95 \(warning\)\.>$/m);
});
