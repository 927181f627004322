import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isBroken } from "../../alerts/headroom.ts";
import { GOALS, LIMITS, limit } from "../../alerts/limits.ts";
import { profile } from "../plan/profiles.ts";
import { exampleFigures, exampleMeasurements } from "../testing/example-run.ts";
import { judge, judgeLimit } from "./judge.ts";

const anyLimit = fc.constantFrom(...LIMITS);
const anyValue = fc.double({ min: -1e12, max: 1e12, noNaN: true });

describe("one limit", () => {
  it("is broken exactly when its headroom is negative", () => {
    fc.assert(
      fc.property(anyLimit, anyValue, (limit, value) => {
        const verdict = judgeLimit(limit, limit.title, value);
        expect(verdict.status === "broken").toBe(isBroken(limit, value));
        expect(verdict.headroom < 0).toBe(verdict.status === "broken");
      }),
    );
  });

  it.each([Number.NaN, Infinity])("is not judged by %d", (value) => {
    expect(judgeLimit(LIMITS[0]!, "", value).status).toBe("not measured");
  });

  it("shows memory as a share of the machine's", () => {
    const verdict = judgeLimit(limit("memory", "warning"), "", 12e9, 48e9);
    expect(verdict.usedOfCapacity).toBe(0.25);
    expect(verdict.headroom).toBeCloseTo(1 - 12 / 33.6, 12);
  });
});

describe("a run", () => {
  const throughput = profile("throughput");

  it("is held against each limit that it exercises, memory twice", () => {
    const { verdicts } = judge(throughput, exampleMeasurements(), LIMITS);
    const seen = verdicts.map(({ limit, title }) => `${limit.severity} ${title}`);
    expect(seen).toEqual([
      "warning Memory used, exporter",
      "warning Memory used, whole machine",
      "critical Memory used, exporter",
      "critical Memory used, whole machine",
      "critical Errors",
      "warning Latency, P95",
      "critical Latency, P95",
      "warning Attribution entropy, mean",
      "warning Attribution sparsity, mean",
    ]);
    expect(verdicts.every(({ status }) => status === "within")).toBe(true);
  });

  it("is not held against attribution limits when it asks for none", () => {
    const { verdicts } = judge(profile("interactive"), exampleMeasurements(), LIMITS);
    expect(verdicts.map(({ limit }) => limit.id)).not.toContain("attribution_entropy");
  });

  it("breaks the limits that its figures break, and no others", () => {
    const slow = exampleMeasurements(
      exampleFigures({ failed: 10, latency: { ...exampleFigures().latency, p95: 0.7 } }),
    );
    const broken = judge(throughput, slow, LIMITS).verdicts.filter((v) => v.status === "broken");
    expect(broken.map(({ limit }) => `${limit.severity} ${limit.id}`)).toEqual([
      "critical error_ratio",
      "warning latency_p95",
    ]);
  });

  it.each([
    ["answers", { messages: { sent: 128, answered: 0, cached: 0 } }],
    ["answers", { checks: [{ name: "shape", passes: 9, fails: 1 }] }],
    ["load", { dropped: 1 }],
    ["script", { exceptions: 1 }],
  ])("cannot be trusted when something is wrong with the %s", (about, change) => {
    const { checks } = judge(throughput, exampleMeasurements(exampleFigures(change)), LIMITS);
    expect(checks.filter(({ holds }) => !holds).map((check) => check.about)).toEqual([about]);
  });

  it("has no aim for the time of occlusion, which the reference load does not use", () => {
    const units = judge(profile("occlusion"), exampleMeasurements(), LIMITS).goals.map(
      ({ unit }) => unit,
    );
    expect(units).toEqual(["messages/s", "bytes"]);
  });

  it("reaches a goal exactly at it", () => {
    const { latency } = exampleFigures();
    const at = (p95: number) =>
      judge(
        throughput,
        exampleMeasurements(exampleFigures({ latency: { ...latency, p95 } })),
        LIMITS,
      ).goals.find(({ unit }) => unit === "seconds")!.reached;
    expect(at(GOALS.batchP95Seconds)).toBe(true);
    expect(at(GOALS.batchP95Seconds + 1e-6)).toBe(false);
  });
});
