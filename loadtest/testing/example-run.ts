import { LIMITS } from "../../alerts/limits.ts";
import { profile } from "../plan/profiles.ts";
import { judge } from "../report/judge.ts";
import type { K6Figures } from "../report/k6-figures.ts";
import { measure, type Measurements } from "../report/measurements.ts";
import { parseMetrics } from "../report/prometheus-text.ts";
import type { Report } from "../report/report.ts";
import { readSnapshot, type Snapshot } from "../report/snapshot.ts";

/** Figures of a run of `throughput` that went well, for tests. */
export function exampleFigures(change: Partial<K6Figures> = {}): K6Figures {
  return {
    seconds: 60.1,
    requests: 100,
    failed: 0,
    refused: 0,
    dropped: 0,
    exceptions: 0,
    messages: { sent: 30_080, answered: 30_080, cached: 3_008 },
    latency: { mean: 0.03, p50: 0.03, p90: 0.04, p95: 0.045, p99: 0.05, max: 0.06 },
    checks: [{ name: "shape", passes: 100, fails: 0 }],
    attribution: {
      entropy: { messages: 30_000, mean: 1.4, inRange: 0.92 },
      sparsity: { messages: 30_000, mean: 0.75, inRange: 0.99 },
      undefined: 80,
    },
    ...change,
  };
}

/** A reading of the exporter after `requests` requests of 40 ms, for tests. */
export function exampleSnapshot(
  atSeconds: number,
  requests: number,
  { errors = 0, processBytes = 400e6, slow = 0 } = {},
): Snapshot {
  const page = `
sentiment_requests_total{outcome="ok"} ${requests - errors}
sentiment_requests_total{outcome="server_error"} ${errors}
sentiment_messages_total{label="positive",source="model"} ${(requests - errors) * 128}
sentiment_request_duration_seconds_bucket{attribution="prefix",le="0.025"} 0
sentiment_request_duration_seconds_bucket{attribution="prefix",le="0.05"} ${requests - slow}
sentiment_request_duration_seconds_bucket{attribution="prefix",le="1"} ${requests}
sentiment_request_duration_seconds_bucket{attribution="prefix",le="+Inf"} ${requests}
sentiment_request_duration_seconds_sum{attribution="prefix"} ${requests * 0.04}
headroom_memory_used_bytes{scope="process"} ${processBytes}
headroom_memory_used_bytes{scope="system"} 2000000000
headroom_memory_capacity_bytes 48000000000
`;
  return readSnapshot(parseMetrics(page), atSeconds, "prefix");
}

/** The numbers of a run of `throughput`, for tests. */
export function exampleMeasurements(k6 = exampleFigures()): Measurements {
  return measure({
    profile: profile("throughput"),
    complete: true,
    k6,
    snapshots: [exampleSnapshot(0, 50), exampleSnapshot(60, 150)],
  });
}

/** A report of a run of `throughput`, for tests. */
export function exampleReport(change: Partial<Report> = {}, k6 = exampleFigures()): Report {
  const measurements = exampleMeasurements(k6);
  const used = change.profile ?? profile("throughput");
  return {
    version: 1,
    profile: used,
    startedAt: "2026-01-02T03:04:05.000Z",
    target: "http://127.0.0.1:9700",
    firstMessage: 0,
    exporter: {
      version: "0.1.0",
      model: "headroom-sentiment-1",
      engine: "llama.cpp",
      architecture: "llama",
      simulated: false,
    },
    machine: { cpu: "Some CPU", cores: 2, memoryBytes: 24e9, os: "Linux", node: "v20.20.0" },
    k6Version: "2.2.0",
    measurements,
    ...judge(used, measurements, LIMITS),
    gains: [],
    notes: [],
    files: { json: "/r/report.json", markdown: "/r/report.md", k6Log: "/r/k6.log" },
    ...change,
  };
}
