import { describe, expect, it } from "@jest/globals";
import { LIMITS, limitsWithin } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { profile } from "../plan/profiles.ts";
import { parseMetrics } from "../report/prometheus-text.ts";
import { readSnapshot, type Snapshot } from "../report/snapshot.ts";
import { EXAMPLE_LIMITS, exampleSnapshot } from "../testing/example-run.ts";
import { progressOf } from "./progress.ts";

/** A reading after `fast` answers within half of the target of urgent-check, and `slow` above it. */
function answered(atSeconds: number, fast: number, slow: number): Snapshot {
  const bucket = (le: string, count: number) =>
    `headroom_status_duration_seconds_bucket{scenario="urgent-check",le="${le}"} ${count}`;
  const page = [
    bucket("1", fast),
    bucket("2", fast),
    bucket("3", fast + slow),
    bucket("+Inf", fast + slow),
    `headroom_status_duration_seconds_sum{scenario="urgent-check"} ${fast + 2.5 * slow}`,
    `headroom_status_requests_total{scenario="urgent-check",outcome="ok"} ${fast + slow}`,
    'headroom_status_requests_total{scenario="urgent-check",outcome="refused"} 70',
    'headroom_memory_used_bytes{scope="process"} 1000',
  ];
  return readSnapshot(parseMetrics(page.join("\n")), atSeconds, undefined);
}

describe("how a run stands", () => {
  it("is unknown before there are two readings", () => {
    expect(progressOf([exampleSnapshot(0, 0)], LIMITS, profile("smoke"), 1)).toBeUndefined();
  });

  it("holds the messages' rate and time, and no status requests when none are sent", () => {
    const readings = [exampleSnapshot(0, 0), exampleSnapshot(4, 20)];
    const progress = progressOf(readings, LIMITS, profile("throughput"), 4);
    expect(progress).toMatchObject({
      elapsedSeconds: 4,
      totalSeconds: 60,
      sentiment: { messagesPerSecond: 640 },
    });
    expect(progress?.status).toBeUndefined();
  });

  it("holds nothing of an exporter that tells nothing any more", () => {
    const readings = [exampleSnapshot(0, 0), exampleSnapshot(4, 20)];
    const at = (seconds: number) => progressOf(readings, LIMITS, profile("throughput"), seconds);
    expect(at(6)?.sentiment).toBeDefined();
    expect(at(14)).toEqual({ elapsedSeconds: 14, totalSeconds: 60, silentSeconds: 10 });
  });

  it("counts all answers, and takes the P95 of the last ones", () => {
    const readings = [answered(0, 5, 0), answered(40, 15, 10), answered(100, 25, 10)];
    const progress = progressOf(readings, LIMITS, profile("status"), 100);
    expect(progress?.sentiment).toBeUndefined();
    // The slow ones came before the last minute.
    expect(progress?.status).toEqual({ answers: 30, p95: { value: 0.95, isLeast: false } });
  });

  it("names the status scenario that is nearest to its target", () => {
    const readings = [answered(0, 0, 0), answered(5, 2, 8)];
    const { nearest } = progressOf(readings, LIMITS, profile("mixed"), 5) ?? {};
    expect(nearest?.title).toBe("Status: urgent check, P95");
    expect(nearest?.headroom).toBeLessThan(0);
  });

  describe("beside its limits", () => {
    type Reading = Parameters<typeof exampleSnapshot>;
    const nearest = (later: Reading, limits = EXAMPLE_LIMITS) =>
      progressOf(
        [exampleSnapshot(0, 0), exampleSnapshot(...later)],
        limits,
        profile("throughput"),
        later[0],
      )?.nearest;

    it("looks at the memory of every scope", () => {
      expect(nearest([4, 20])?.title).toBe("Memory used, container");
      expect(nearest([4, 20, { processBytes: 2.1e9 }])).toEqual({
        title: "Memory used, process",
        headroom: 0.25,
        inWords: "headroom 25 %",
      });
      const withoutContainer = limitsWithin({ system: 4e9 });
      expect(nearest([4, 20], withoutContainer)?.title).toBe("Memory used, system");
    });

    it("looks at the attributions, once there are enough", () => {
      const found = nearest([4, 20, { entropy: 2.4 }]);
      expect(found?.title).toBe("Attribution entropy, mean");
      expect(found?.headroom).toBeCloseTo(0.1, 9);
      expect(nearest([4, 0, { entropy: 2.4 }])?.title).not.toBe("Attribution entropy, mean");
    });

    it("says that a time beyond the histogram is more than so many times the limit", () => {
      const found = nearest([4, 20, { endless: 20 }]);
      expect(found).toMatchObject({
        title: "Latency, P95",
        headroom: -1,
        inWords: "headroom less than -100 %",
      });
    });

    it("has no errors and no time without enough requests", () => {
      const errors = (requests: number) => nearest([4, requests, { errors: requests }])?.title;
      expect(errors(EVIDENCE.requests - 1)).toBe("Memory used, container");
      expect(errors(EVIDENCE.requests)).toBe("Errors");
    });
  });
});
