import { describe, expect, it } from "@jest/globals";
import { LIMITS } from "../../alerts/limits.ts";
import { profile } from "../plan/profiles.ts";
import { parseMetrics } from "../report/prometheus-text.ts";
import { readSnapshot, type Snapshot } from "../report/snapshot.ts";
import { exampleSnapshot } from "../testing/example-run.ts";
import { progressOf } from "./progress.ts";

/** A reading after `fast` answers within half of the target of urgent-check, and `slow` above it. */
function answered(atSeconds: number, fast: number, slow: number): Snapshot {
  const bucket = (le: string, count: number) =>
    `status_duration_seconds_bucket{scenario="urgent-check",le="${le}"} ${count}`;
  const page = [
    bucket("1", fast),
    bucket("2", fast),
    bucket("3", fast + slow),
    bucket("+Inf", fast + slow),
    `status_duration_seconds_sum{scenario="urgent-check"} ${fast + 2.5 * slow}`,
    'headroom_memory_used_bytes{scope="process"} 1000',
  ];
  return readSnapshot(parseMetrics(page.join("\n")), atSeconds, undefined);
}

describe("how a run stands", () => {
  it("is unknown before there are two readings", () => {
    expect(progressOf([exampleSnapshot(0, 0)], LIMITS, profile("smoke"))).toBeUndefined();
  });

  it("holds the messages' rate and time, and no questions when none are asked", () => {
    const readings = [exampleSnapshot(0, 0), exampleSnapshot(4, 20)];
    const progress = progressOf(readings, LIMITS, profile("throughput"));
    expect(progress).toMatchObject({
      elapsedSeconds: 4,
      totalSeconds: 60,
      sentiment: { messagesPerSecond: 640 },
    });
    expect(progress?.status).toBeUndefined();
  });

  it("counts all answers, and takes the P95 of the last ones", () => {
    const readings = [answered(0, 5, 0), answered(20, 15, 10), answered(30, 25, 10)];
    const progress = progressOf(readings, LIMITS, profile("status"));
    expect(progress?.sentiment).toBeUndefined();
    // The slow ones came before the last seconds.
    expect(progress?.status).toEqual({ answers: 30, p95Seconds: 0.95 });
  });

  it("names the status analysis that is nearest to its target", () => {
    const readings = [answered(0, 0, 0), answered(5, 2, 8)];
    const { nearest } = progressOf(readings, LIMITS, profile("mixed")) ?? {};
    expect(nearest?.title).toBe("Status analysis: urgent check, P95");
    expect(nearest?.headroom).toBeLessThan(0);
  });
});
