import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { GOALS } from "@headroom/alerts/goals";
import { headroom, isBroken } from "@headroom/alerts/headroom";
import {
  LIMITS,
  limit,
  limitsWithin,
  STATUS_TARGET_SECONDS,
  type StatusScenario,
  statusLimit,
} from "@headroom/alerts/limits";
import { profile, STATUS_SCENARIOS } from "../plan/profiles.ts";
import {
  EXAMPLE_LATENCY,
  EXAMPLE_LIMITS,
  exampleFigures,
  exampleMeasurements,
  exampleStatusFigures,
  type ScenarioChange,
  type Change,
} from "../testing/example-run.ts";
import { assess } from "./assessment.ts";
import { readK6Figures } from "./k6-figures.ts";
import { verdictOn } from "./verdicts.ts";

const anyLimit = fc.constantFrom(...LIMITS);
const anyValue = fc.double({ min: -1e12, max: 1e12, noNaN: true });

describe("one limit", () => {
  it("is broken exactly when it has no headroom left", () => {
    fc.assert(
      fc.property(anyLimit, anyValue, (limit, value) => {
        const verdict = verdictOn(limit, limit.title, value);
        expect(verdict.status === "broken").toBe(isBroken(limit, value));
        expect(verdict.headroom <= 0).toBe(verdict.status === "broken");
        expect(verdict.headroom).toBe(headroom(limit, value));
      }),
    );
  });

  it.each([Number.NaN, Infinity])("is not measured by %d", (value) => {
    expect(verdictOn(LIMITS[0]!, "", value).status).toBe("not measured");
  });

  it("shows memory as a share of the machine's", () => {
    const verdict = verdictOn(limit("memory", "warning"), "", 12e9, 48e9);
    expect(verdict.usedOfCapacity).toBe(0.25);
    expect(verdict.headroom).toBeCloseTo(1 - 12 / 33.6, 12);
  });
});

describe("a run", () => {
  const throughput = profile("throughput");

  it("is held against each limit that it exercises, memory by scope, the nearest first", () => {
    const { verdicts } = assess(throughput, exampleMeasurements(), EXAMPLE_LIMITS);
    const seen = verdicts.map(({ limit, title }) => `${limit.severity} ${title}`);
    expect(seen).toEqual([
      "warning Memory used, container",
      "critical Memory used, container",
      "warning Memory used, process",
      "critical Memory used, process",
      "warning Attribution entropy, mean",
      "warning Latency, P95",
      "warning Memory used, system",
      "critical Memory used, system",
      "critical Latency, P95",
      "warning Errors",
      "critical Errors",
      "warning Attribution sparsity, mean",
    ]);
    expect(verdicts.every(({ status }) => status === "within")).toBe(true);
  });

  it("holds each scope's memory against that scope's own capacity", () => {
    const { verdicts } = assess(throughput, exampleMeasurements(), EXAMPLE_LIMITS);
    const used = Object.fromEntries(
      verdicts.flatMap(({ limit: { scope }, observed, usedOfCapacity }) =>
        scope ? [[scope, [observed, usedOfCapacity]]] : [],
      ),
    );
    expect(used).toEqual({
      system: [2e9, 2 / 48],
      container: [500e6, 0.125],
      process: [400e6, 0.1],
    });
  });

  it("puts last what was not measured", () => {
    const limits = limitsWithin({ device: 8e9, system: 48e9 });
    const { verdicts } = assess(throughput, exampleMeasurements(), limits);
    expect(verdicts.slice(-2).map(({ title, status }) => [title, status])).toEqual([
      ["Memory used, device", "not measured"],
      ["Memory used, device", "not measured"],
    ]);
  });

  it("is not held against attribution limits when it asks for none", () => {
    const interactive = profile("interactive");
    const nothing = readK6Figures('{"seconds":1,"metrics":{},"checks":[]}', interactive);
    const { verdicts } = assess(
      interactive,
      exampleMeasurements(nothing, "interactive"),
      EXAMPLE_LIMITS,
    );
    expect(verdicts.map(({ limit }) => limit.id)).toContain("latency_p95");
    expect(verdicts.map(({ limit }) => limit.id)).not.toContain("attribution_entropy");
  });

  it("breaks the limits that its figures break, and no others", () => {
    const slow = exampleMeasurements(
      exampleFigures({ sentiment: { failed: 10, latency: { ...EXAMPLE_LATENCY, p95: 0.7 } } }),
    );
    const { verdicts } = assess(throughput, slow, EXAMPLE_LIMITS);
    const broken = verdicts.filter((v) => v.status === "broken");
    expect(broken.map(({ limit }) => `${limit.severity} ${limit.id}`)).toEqual([
      "warning error_ratio",
      "warning latency_p95",
    ]);
  });

  it("has no error ratio, and breaks none, without a well-meant request", () => {
    const wrong = exampleMeasurements(exampleFigures({ sentiment: { wellMeant: 0, failed: 0 } }));
    const { verdicts } = assess(throughput, wrong, EXAMPLE_LIMITS);
    const errors = verdicts.filter(({ limit }) => limit.id === "error_ratio");
    expect(errors.map(({ status }) => status)).toEqual(["not measured", "not measured"]);
  });

  describe("whose messages were not all answered", () => {
    const assessed = (answered: number, name = "throughput") =>
      assess(
        profile(name),
        exampleMeasurements(
          exampleFigures({ sentiment: { messages: { sent: 150_016, answered, cached: 0 } } }),
          name,
        ),
        EXAMPLE_LIMITS,
      );
    const check = (answered: number, name?: string) =>
      assessed(answered, name).checks.find(({ title }) => title === "Messages were answered");

    it("fails when the share without an answer reaches the limit of errors, and tells it", () => {
      expect(check(75_008)).toMatchObject({
        about: "answers",
        holds: false,
        found: "75,008 of 150,016 (50.0 %)",
      });
      const atLimit = Math.floor(150_016 * 0.95);
      expect(check(atLimit)?.holds).toBe(false);
      expect(check(atLimit + 1)?.holds).toBe(true);
    });

    it("shows overload where the limit is looked for, but not when nothing was answered", () => {
      expect(check(75_008, "breakpoint")).toMatchObject({ about: "load", holds: false });
      expect(check(0, "breakpoint")).toMatchObject({ about: "answers", holds: false });
    });

    it("has not reached its aim for the time of answers, however quick those were", () => {
      const goal = assessed(75_008).goals.find(({ unit }) => unit === "seconds");
      expect(goal).toMatchObject({ observed: 0.045, reached: false, unanswered: true });
      expect(assessed(150_016).goals.find(({ unit }) => unit === "seconds")?.reached).toBe(true);
    });
  });

  it.each([
    ["stayed", true, true],
    ["restarted", true, false],
    ["gone", true, false],
    // Whoever stopped the run may have stopped the exporter as well.
    ["gone", false, true],
  ] as const)(
    "with an exporter that %s, run in full: %p, is sound: %p",
    (exporter, complete, ok) => {
      const { checks } = assess(
        throughput,
        { ...exampleMeasurements(), exporter, complete },
        EXAMPLE_LIMITS,
      );
      expect(checks.every(({ holds }) => holds)).toBe(ok);
    },
  );

  it.each<[about: string, change: Change]>([
    ["answers", { sentiment: { messages: { sent: 128, answered: 0, cached: 0 } } }],
    ["answers", { sentiment: { messages: { sent: 128, answered: 120, cached: 0 } } }],
    ["answers", { checks: [{ name: "shape", passes: 9, fails: 1 }] }],
    ["load", { dropped: 1 }],
    ["script", { exceptions: 1 }],
  ])("cannot be trusted when something is wrong with the %s", (about, change) => {
    const { checks } = assess(
      throughput,
      exampleMeasurements(exampleFigures(change)),
      EXAMPLE_LIMITS,
    );
    expect(checks.filter(({ holds }) => !holds).map((check) => check.about)).toEqual([about]);
  });

  it("has no aim for the time of occlusion, which the reference load does not use", () => {
    const units = assess(profile("occlusion"), exampleMeasurements(), EXAMPLE_LIMITS).goals.map(
      ({ unit }) => unit,
    );
    expect(units).toEqual(["messages/s", "bytes"]);
  });

  it("reaches a goal exactly at it", () => {
    const at = (p95: number) =>
      assess(
        throughput,
        exampleMeasurements(
          exampleFigures({ sentiment: { latency: { ...EXAMPLE_LATENCY, p95 } } }),
        ),
        EXAMPLE_LIMITS,
      ).goals.find(({ unit }) => unit === "seconds")!.reached;
    expect(at(GOALS.batchP95Seconds)).toBe(true);
    expect(at(GOALS.batchP95Seconds + 1e-6)).toBe(false);
  });
});

describe("a run of status requests", () => {
  const assessed = (changed?: StatusScenario, change?: ScenarioChange) =>
    assess(
      profile("status"),
      exampleMeasurements(exampleStatusFigures(changed, change), "status"),
      EXAMPLE_LIMITS,
    );
  const slow = (seconds: number): ScenarioChange => ({
    latency: { ...EXAMPLE_LATENCY, p95: seconds },
  });

  it("is held against the eight targets and the memory, not against the messages' limits", () => {
    const ids = new Set(assessed().verdicts.map(({ limit }) => limit.id));
    expect([...ids].sort()).toEqual(
      ["memory", ...STATUS_SCENARIOS.map((scenario) => statusLimit(scenario).id)].sort(),
    );
    expect(assessed().verdicts.every(({ status }) => status === "within")).toBe(true);
    expect(assessed().checks.every(({ holds }) => holds)).toBe(true);
  });

  it("breaks the target of the scenario that is slow, and no other", () => {
    const any = fc.constantFrom(...STATUS_SCENARIOS);
    fc.assert(
      fc.property(any, fc.double({ min: 1, max: 9, noNaN: true }), (scenario, factor) => {
        const { verdicts } = assessed(scenario, slow(STATUS_TARGET_SECONDS[scenario] * factor));
        const broken = verdicts.filter(({ status }) => status === "broken");
        expect(broken.map(({ limit }) => limit.id)).toEqual([statusLimit(scenario).id]);
      }),
    );
  });

  it("does not measure a scenario that was not asked for", () => {
    const { verdicts } = assessed("disk-analysis", slow(Number.NaN));
    const unknown = verdicts.filter(({ status }) => status === "not measured");
    expect(unknown.map(({ limit }) => limit.id)).toEqual(["status_disk_analysis"]);
  });

  it("cannot be trusted when one request has no proper answer", () => {
    const { checks } = assessed("urgent-check", { answers: 9 });
    expect(checks.filter(({ holds }) => !holds)).toEqual([
      {
        about: "answers",
        title: "Every status request was answered",
        holds: false,
        found: "79 of 80 (98.8 %)",
      },
    ]);
  });

  it("aims for the mean time and the cache hits of the reference mix", () => {
    const aims = assessed().goals.filter(({ title }) => title.startsWith("Status"));
    expect(aims.map(({ goal, observed, reached }) => ({ goal, observed, reached }))).toEqual([
      { goal: GOALS.statusMeanSeconds, observed: 0.7, reached: true },
      { goal: GOALS.statusHitRatio, observed: 0.4, reached: false },
    ]);
  });
});
