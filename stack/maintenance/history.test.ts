import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { limitsWithin, REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import type { OwnServer } from "@headroom/incidents/testing/own-server";
import { startFilledPrometheus } from "@headroom/incidents/testing/prometheus";
import type { Examined, ExporterState } from "./examine.ts";
import { PrometheusReader } from "./prometheus-reader.ts";
import { SECONDS } from "./step.ts";
import { anomalies, trends } from "./steps/changes.ts";
import { memoryPeak, memoryTrend } from "./steps/memory.ts";
import { type Past, twoWeeks } from "./testing/two-weeks.ts";

const LABELS = 'job="headroom",instance="127.0.0.1:9700"';

/** A little up and down, as memory has it. */
const wave = (age: number): number => 1e9 + 1e7 * (Math.floor(age / 600) % 7);

let prometheus: OwnServer | undefined;
let examined: Examined;

async function begin(past: Past): Promise<void> {
  const at = Math.floor(Date.now() / 1000);
  prometheus = await startFilledPrometheus(twoWeeks(at, LABELS, past));
  const memory = REFERENCE_MEMORY_BYTES;
  const reader = new PrometheusReader(prometheus.url, new AbortController().signal);
  examined = {
    prometheus: reader,
    matchers: LABELS,
    instance: "127.0.0.1:9700",
    at,
    // These steps take only the limits from it.
    exporter: { limits: limitsWithin({ process: memory, system: memory }) } as ExporterState,
    incidents: "",
  };
}

const verdicts = async (step: typeof anomalies) =>
  Object.fromEntries((await step.rows(examined)).map(({ id, verdict }) => [id, verdict]));

describe("two weeks in which latency grew, and memory in the last hours", () => {
  beforeAll(
    () =>
      begin({
        latency: (age) => (age > SECONDS.week ? 0.05 : 0.25),
        memory: (age) => (age > 2 * SECONDS.hour ? wave(age) : 30e9 - 1e6 * age),
      }),
    300_000,
  );
  afterAll(() => prometheus?.stop());

  it("have an anomaly of memory, and none of the rest", async () => {
    expect(await verdicts(anomalies)).toEqual({
      "anomaly-latency-p95": "pass",
      "anomaly-throughput": "pass",
      "anomaly-error-ratio": "pass",
      "anomaly-memory-process": "fail",
    });
  });

  it("end with a worse week than the one before", async () => {
    expect(await verdicts(trends)).toMatchObject({
      "week-latency-p95": "fail",
      "week-throughput": "pass",
      "week-error-ratio": "pass",
    });
  });

  it("have had less memory than the limit allows", async () => {
    expect(await verdicts(memoryPeak)).toEqual({
      "memory-peak-process": "pass",
      "memory-peak-system": "unknown",
    });
  });
});

describe("half a day in which memory grew all the time", () => {
  beforeAll(
    () =>
      begin({
        since: 12 * SECONDS.hour,
        latency: () => 0.05,
        memory: (age) => 30e9 - 1e9 * (age / SECONDS.hour),
      }),
    300_000,
  );
  afterAll(() => prometheus?.stop());

  it("is a trend that reaches the limit", async () => {
    expect(await verdicts(memoryTrend)).toEqual({
      "memory-trend-process": "fail",
      "memory-trend-system": "unknown",
    });
  });

  it("is too short for anomalies and weeks", async () => {
    expect(await verdicts(anomalies)).toEqual({ anomalies: "unknown" });
    expect(await verdicts(trends)).toEqual({ trends: "unknown" });
  });
});
