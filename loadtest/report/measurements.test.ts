import { describe, expect, it } from "@jest/globals";
import { profile } from "../plan/profiles.ts";
import {
  EXAMPLE_CAPACITIES,
  EXAMPLE_LATENCY,
  exampleFigures,
  exampleMeasurements,
  exampleSnapshot,
  exampleStatusFigures,
} from "../testing/example-run.ts";
import { measure } from "./measurements.ts";
import { saturationOf } from "./windows.ts";

describe("the numbers of a run", () => {
  it("take rates over the planned time when it was run in full", () => {
    const m = exampleMeasurements();
    expect(m.seconds).toBe(60);
    expect(m.sentiment?.messagesPerSecond).toBeCloseTo(30_080 / 60, 9);
  });

  it("take rates over the real time when it was cut short", () => {
    const m = measure({
      profile: profile("throughput"),
      complete: false,
      k6: exampleFigures({ seconds: 12 }),
      snapshots: [exampleSnapshot(0, 0)],
      answersAfter: true,
    });
    expect(m.seconds).toBe(12);
    expect(m.sentiment?.server.request).toBeUndefined();
    expect(m.sentiment?.agreement).toBeUndefined();
  });

  it("count only what happened during the run", () => {
    const m = exampleMeasurements();
    expect(m.sentiment?.server.outcomes).toEqual({ ok: 100 });
    expect(m.sentiment?.server.request?.mean).toBeCloseTo(0.04, 9);
    expect(m.sentiment?.cache.hitRate).toBeCloseTo(0.1, 9);
  });

  it("keep the highest memory of any second", () => {
    const m = measure({
      profile: profile("throughput"),
      complete: true,
      k6: exampleFigures(),
      snapshots: [
        exampleSnapshot(0, 0),
        exampleSnapshot(1, 1, { processBytes: 900e6 }),
        exampleSnapshot(2, 2),
      ],
      answersAfter: true,
    });
    expect(m.memory).toEqual({
      peakBytes: { system: 2e9, container: 500e6, process: 900e6, model: 100e6 },
      peakWithoutChatBytes: 900e6,
      capacityBytes: EXAMPLE_CAPACITIES,
    });
  });

  it("tell whether the exporter stayed, was started again or is gone", () => {
    const stay = (answersAfter: boolean, processStart: number) =>
      measure({
        profile: profile("throughput"),
        complete: true,
        k6: exampleFigures(),
        snapshots: [exampleSnapshot(0, 0), exampleSnapshot(1, 1, { processStart })],
        answersAfter,
      }).exporter;
    const { processStart = NaN } = exampleSnapshot(0, 0);
    expect(stay(true, processStart)).toBe("stayed");
    expect(stay(true, processStart + 3)).toBe("restarted");
    expect(stay(false, processStart)).toBe("gone");
  });

  it("have an error ratio of the well-meant requests, and none without them", () => {
    const ratio = (change: object) =>
      exampleMeasurements(exampleFigures({ sentiment: change })).sentiment?.errorRatio;
    expect(ratio({ requests: 100, wellMeant: 40, failed: 10 })).toBe(0.25);
    expect(ratio({ requests: 100, wellMeant: 0, failed: 0 })).toBeNaN();
  });

  it.each([
    [0.045, true],
    [0.0251, true],
    [0.0235, false],
    [0.9, true],
  ])("compare the client's P95 of %d s with the server's by bucket: %p", (p95, agrees) => {
    // All requests lie between 25 and 50 ms, so the exporter's P95 is 48.75 ms. What lies below is
    // in a bucket as wide, what lies above in one that is 950 ms wide.
    const m = exampleMeasurements(
      exampleFigures({ sentiment: { latency: { ...EXAMPLE_LATENCY, p95 } } }),
    );
    expect(m.sentiment?.server.request?.p95.value).toBeCloseTo(0.04875, 9);
    expect(m.sentiment?.agreement?.agrees).toBe(agrees);
  });

  it.each([
    [0.001, 0, false],
    [0.9, 0, true],
    // Beyond the last edge of 1 s; by more than the width of the bucket below it, and by less.
    [7, 0, false],
    [1.5, 0, false],
    // What the exporter tells is no more than that it took longer than 1 s.
    [0.03, 50, false],
    [0.9, 50, null],
    [1, 50, null],
    [7, 50, null],
  ])("of %d s never agree with %d answers beyond the edges: %p", (p95, endless, agrees) => {
    const m = measure({
      profile: profile("throughput"),
      complete: true,
      k6: exampleFigures({ sentiment: { latency: { ...EXAMPLE_LATENCY, p95 } } }),
      snapshots: [exampleSnapshot(0, 0), exampleSnapshot(60, 100, { endless })],
      answersAfter: true,
    });
    expect(m.sentiment?.server.request?.p95.isLeast).toBe(endless > 0);
    expect(m.sentiment?.agreement?.agrees).toBe(agrees);
  });
});

describe("the numbers of status requests", () => {
  const m = exampleMeasurements(exampleStatusFigures("disk-analysis", { cached: 9 }), "status");

  it("take shares of the answers, over all and for each scenario", () => {
    expect(m.status).toMatchObject({
      answers: 80,
      cached: 7 * 4 + 9,
      hitRate: 37 / 80,
      modelShare: 0.6,
      successShare: 1,
    });
    expect(m.status?.scenarios.find(({ scenario }) => scenario === "disk-analysis")).toEqual({
      scenario: "disk-analysis",
      requests: 10,
      p95Seconds: 2.25,
      meanSeconds: 2.25,
      longestSeconds: 2.25,
      answers: 10,
      cached: 9,
      fromModel: 6,
      hitRate: 0.9,
      modelShare: 0.6,
    });
  });

  it("leave out the messages when none were sent", () => {
    expect(m.sentiment).toBeUndefined();
    expect(m.seconds).toBe(60);
  });
});

describe("the highest rate within the limits", () => {
  const seconds = (count: number) => Array.from({ length: count }, (_, i) => i);

  it("is that of the fastest window before one breaks", () => {
    let requests = 0;
    let errors = 0;
    const snapshots = seconds(30).map((second) => {
      if (second > 0) requests += second;
      if (second > 20) errors += second;
      return exampleSnapshot(second, requests, { errors });
    });
    const found = saturationOf(snapshots)!;
    // The window from second 15 to 20 answers 16 to 20 requests a second, 128 messages each.
    expect(found.messagesPerSecond).toBeCloseTo(18 * 128, 6);
    expect(found.brokenBy).toEqual({ title: "Errors", atSeconds: 21 });
  });

  it("has no end when nothing breaks", () => {
    const found = saturationOf(seconds(9).map((second) => exampleSnapshot(second, second * 4)))!;
    expect(found.messagesPerSecond).toBeCloseTo(512, 6);
    expect(found.brokenBy).toBeUndefined();
  });

  it("ends where requests become slow", () => {
    const snapshots = seconds(12).map((second) =>
      exampleSnapshot(second, second * 4, { slow: Math.max(0, second - 8) * 4 }),
    );
    expect(saturationOf(snapshots)!.brokenBy!.title).toBe("Latency, P95");
  });

  it("is unknown without two readings", () => {
    expect(saturationOf([exampleSnapshot(0, 0)])).toBeUndefined();
  });
});
