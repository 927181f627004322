import {
  limitsWithin,
  type MemoryCapacities,
  STATUS_TARGET_SECONDS,
  type StatusScenario,
} from "@headroom/alerts/limits";
import { profile, STATUS_SCENARIOS } from "../plan/profiles.ts";
import { assess } from "../report/assessment.ts";
import type {
  ScenarioFigures,
  K6Figures,
  RunFigures,
  SentimentFigures,
} from "../report/k6-figures.ts";
import { measure, type Measurements } from "../report/measurements.ts";
import { parseMetrics } from "../report/prometheus-text.ts";
import type { Report } from "../report/report.ts";
import { readSnapshot, type Snapshot } from "../report/snapshot.ts";

/** A change of figures: of the run's own at the top, of the messages' in `sentiment`. */
export interface Change extends Partial<RunFigures> {
  readonly sentiment?: Partial<SentimentFigures>;
}

const SENTIMENT: SentimentFigures = {
  requests: 100,
  wellMeant: 100,
  failed: 0,
  refused: 0,
  dropped: 0,
  messages: { sent: 30_080, answered: 30_080, cached: 3_008 },
  latency: { mean: 0.03, p50: 0.03, p90: 0.04, p95: 0.045, p99: 0.05, max: 0.06 },
  attribution: {
    method: "prefix",
    entropy: { messages: 30_000, mean: 1.4, inRange: 0.92 },
    sparsity: { messages: 30_000, mean: 0.75, inRange: 0.99 },
    bothInRange: 0.915,
    undefined: 80,
  },
};

/** The times of {@link exampleFigures}, in seconds. */
export const EXAMPLE_LATENCY = SENTIMENT.latency;

const RUN: RunFigures = {
  seconds: 60.1,
  dropped: 0,
  exceptions: 0,
  checks: [{ name: "shape", passes: 100, fails: 0 }],
};

/** Figures of a run of `throughput` that went well, for tests. */
export function exampleFigures({ sentiment, ...run }: Change = {}): K6Figures {
  return { ...RUN, ...run, sentiment: { ...SENTIMENT, ...sentiment } };
}

/** A change of the figures of one status scenario. */
export type ScenarioChange = Partial<ScenarioFigures>;

/**
 * Figures of a run of `status` that went well, for tests: ten requests of each scenario, answered
 * in half of their target.
 *
 * @param change - to the figures of `changed` only
 */
export function exampleStatusFigures(
  changed: StatusScenario = "quick-status",
  change: ScenarioChange = {},
): K6Figures {
  const scenarios = STATUS_SCENARIOS.map((scenario): ScenarioFigures => {
    const half = STATUS_TARGET_SECONDS[scenario] / 2;
    return {
      scenario,
      requests: 10,
      latency: { mean: half, p50: half, p90: half, p95: half, p99: half, max: half },
      answers: 10,
      cached: 4,
      fromModel: 6,
      ...(scenario === changed && change),
    };
  });
  return {
    ...RUN,
    status: {
      requests: 80,
      wellMeant: 80,
      failed: 0,
      refused: 0,
      dropped: 0,
      latency: { mean: 0.7, p50: 0.1, p90: 2, p95: 2.4, p99: 2.5, max: 2.5 },
      scenarios,
      fallbacks: {
        no_findings: 0,
        no_model: 0,
        language: 0,
        deadline: 16,
        model_failed: 0,
        ungrounded: 16,
      },
      toldMeanSeconds: 0.69,
    },
  };
}

/** The memory of the example's machine, which is the reference, and of the container on it. */
export const EXAMPLE_CAPACITIES: MemoryCapacities = { system: 48e9, container: 4e9, process: 4e9 };

/** The limits of that machine. */
export const EXAMPLE_LIMITS = limitsWithin(EXAMPLE_CAPACITIES);

const NO_CHANGE = {
  errors: 0,
  processBytes: 400e6,
  /** Requests that took up to 1 s, and beyond all edges. */
  slow: 0,
  endless: 0,
  entropy: 1.4,
  processStart: 1_700_000_000,
};

/** A reading of the exporter after `requests` requests of 40 ms, for tests. */
export function exampleSnapshot(
  atSeconds: number,
  requests: number,
  change: Partial<typeof NO_CHANGE> = {},
): Snapshot {
  const { errors, processBytes, slow, endless, entropy, processStart } = {
    ...NO_CHANGE,
    ...change,
  };
  const messages = (requests - errors) * 128;
  const page = `
sentiment_requests_total{outcome="ok"} ${requests - errors}
sentiment_requests_total{outcome="server_error"} ${errors}
sentiment_messages_total{label="positive",source="model"} ${messages}
sentiment_request_duration_seconds_bucket{attribution="prefix",le="0.025"} 0
sentiment_request_duration_seconds_bucket{attribution="prefix",le="0.05"} ${requests - slow - endless}
sentiment_request_duration_seconds_bucket{attribution="prefix",le="1"} ${requests - endless}
sentiment_request_duration_seconds_bucket{attribution="prefix",le="+Inf"} ${requests}
sentiment_request_duration_seconds_sum{attribution="prefix"} ${requests * 0.04}
headroom_memory_used_bytes{scope="process"} ${processBytes}
attribution_entropy_nats_bucket{method="prefix",le="+Inf"} ${messages}
attribution_entropy_nats_sum{method="prefix"} ${messages * entropy}
attribution_sparsity_ratio_bucket{method="prefix",le="+Inf"} ${messages}
attribution_sparsity_ratio_sum{method="prefix"} ${messages * 0.75}
headroom_memory_used_bytes{scope="system"} 2000000000
headroom_memory_used_bytes{scope="container"} 500000000
headroom_memory_used_bytes{scope="model"} 100000000
headroom_memory_capacity_bytes{scope="system"} 48000000000
headroom_memory_capacity_bytes{scope="container"} 4000000000
headroom_memory_capacity_bytes{scope="process"} 4000000000
process_start_time_seconds ${processStart}
`;
  return readSnapshot(parseMetrics(page), atSeconds, "prefix");
}

/** The numbers of a run, of `throughput` unless its profile is named, for tests. */
export function exampleMeasurements(k6 = exampleFigures(), used = "throughput"): Measurements {
  return measure({
    profile: profile(used),
    complete: true,
    k6,
    snapshots: [exampleSnapshot(0, 50), exampleSnapshot(60, 150)],
    answersAfter: true,
  });
}

/** A report of a run, of `throughput` unless its profile is changed, for tests. */
export function exampleReport(change: Partial<Report> = {}, k6 = exampleFigures()): Report {
  const used = change.profile ?? profile("throughput");
  const measurements = exampleMeasurements(k6, used.name);
  return {
    version: 4,
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
    ...assess(used, measurements, EXAMPLE_LIMITS),
    gains: [],
    notes: [],
    files: { json: "/r/report.json", markdown: "/r/report.md", k6Log: "/r/k6.log" },
    ...change,
  };
}
