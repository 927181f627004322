import {
  LIMITS,
  LONGEST_TOLD_SECONDS,
  STATUS_TARGET_SECONDS,
  TIMED_OUTCOMES,
  type Limit,
  type Outcome,
  type StatusScenario,
} from "@headroom/alerts/limits";
import { OUTCOMES } from "../http/outcome.ts";
import { FALLBACK_REASONS, type FallbackReason } from "../status/answer.ts";
import { counter, histogram, readGauge, withEdges, type Registry } from "./prometheus.ts";

/** What was asked for, as far as it was read; `unknown` when the request ended before that. */
export interface StatusLabels {
  readonly scenario: StatusScenario | "unknown";
}

/** Is told how requests ended and what became of their summaries. */
export interface StatusMetrics {
  finished(request: StatusLabels & { readonly outcome: Outcome; readonly seconds: number }): void;
  /** Where the summary of an answer came from, and why it was not the model. */
  summarised(scenario: StatusScenario, fallback: FallbackReason | undefined): void;
}

const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];
/** Few below the targets: each edge is a series for each scenario. */
const BUCKETS = [0.1, 0.5, 1];

/**
 * `headroom_status_requests_total`, `headroom_status_duration_seconds` and what became of the summaries. An
 * edge lies on the target of each scenario, as `histogram_quantile` needs it.
 */
export function statusMetrics(
  registry: Registry,
  limits: readonly Limit[] = LIMITS,
): StatusMetrics {
  const requests = counter(registry, {
    name: "headroom_status_requests_total",
    help: "Status requests by how they ended.",
    labels: { scenario: [...SCENARIOS, "unknown"], outcome: OUTCOMES },
  });
  const duration = histogram(registry, {
    name: "headroom_status_duration_seconds",
    help:
      "Time of a status request that was answered or missed its deadline, from acceptance to its last " +
      "byte, queueing and cache hits included.",
    labels: { scenario: SCENARIOS },
    buckets: withEdges(
      [...BUCKETS, LONGEST_TOLD_SECONDS.status],
      limits.filter(({ id }) => id.startsWith("status_")),
    ),
  });
  const ungrounded = counter(registry, {
    name: "headroom_status_ungrounded_total",
    help: "Outputs of the model that its grammar does not allow and that were dropped.",
    labels: { scenario: SCENARIOS },
  });
  const fallbacks = counter(registry, {
    name: "headroom_status_fallbacks_total",
    help: "Answers whose summary is the findings' own sentences, by reason.",
    labels: { reason: FALLBACK_REASONS },
  });
  return {
    finished({ scenario, outcome, seconds }) {
      requests.inc({ scenario, outcome });
      if (scenario === "unknown" || !TIMED_OUTCOMES.includes(outcome)) return;
      duration.observe({ scenario }, seconds);
    },
    summarised(scenario, fallback) {
      if (fallback) fallbacks.inc({ reason: fallback });
      if (fallback === "ungrounded") ungrounded.inc({ scenario });
    },
  };
}

/** The chat model's queue, read at each scrape. */
export function chatQueueMetrics(
  registry: Registry,
  queue: { readonly waiting: () => number; readonly busy: () => number },
): void {
  readGauge(
    registry,
    { name: "headroom_status_queue_depth", help: "Status requests that wait for the chat model." },
    () => [[{}, queue.waiting()]],
  );
  readGauge(
    registry,
    { name: "headroom_status_sequences_in_use", help: "Sequences of the chat model that work." },
    () => [[{}, queue.busy()]],
  );
}
