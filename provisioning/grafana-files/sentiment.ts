import { EMPTY } from "./appearance.ts";
import { type DashboardParts, headroomDashboard, type NamedDashboard } from "./dashboard.ts";
import { mean, perSecond, quantile, RECORDED, series } from "./expressions.ts";
import { type Graph, graphRows } from "./graphs.ts";
import { lanesPanel } from "./limits-panel.ts";
import { ERRORS, THROUGHPUT, TIMED } from "./shared-panels.ts";

/** The limits that sentiment requests are held against. */
const OWN = ["latency_p95", "error_ratio", "attribution_entropy", "attribution_sparsity"];

/** Sentiment requests from the queue to the label: speed, errors, batches, attributions, cache. */
export function sentiment(parts: DashboardParts): NamedDashboard {
  const lanes = lanesPanel(
    parts.limits.filter(({ id }) => OWN.includes(id)),
    parts.runbooks,
    {
      work: "sentiment",
      empty: EMPTY.sentiment,
      title: "Distance to the limits of sentiment",
      description:
        `Latency in seconds (P95 over the last minute), errors as a share (${ERRORS}), ` +
        "attribution entropy in nats and sparsity as a Gini index from 0 to 1, by method.",
    },
  );
  return headroomDashboard(parts, {
    uid: "headroom-sentiment",
    title: "Headroom: sentiment",
    rows: [
      { height: 14, panels: [lanes] },
      ...graphRows([SPEED, PRESSURE, BATCHES, ATTRIBUTIONS, ANSWERS], parts, EMPTY.sentiment),
    ],
  });
}

/** P50 and P95 of a histogram, by exporter. */
const middleAndTail = (histogram: string): Graph["queries"] => [
  [quantile(0.5, histogram, "instance"), "P50$exporter"],
  [quantile(0.95, histogram, "instance"), "P95$exporter"],
];

const TIMES = "sentiment_request_duration_seconds";

const SPEED: readonly Graph[] = [
  THROUGHPUT,
  {
    title: "Latency, P50, P95 and P99",
    description: `Seconds of the last minute. ${TIMED} The lines are the limits of P95.`,
    unit: "s",
    queries: [
      [quantile(0.5, TIMES, "instance"), "P50$exporter", "latency"],
      [series(RECORDED.p95), "P95$exporter", "latency"],
      [quantile(0.99, TIMES, "instance"), "P99$exporter", "latency"],
    ],
    limit: "latency_p95",
    showsLimit: true,
  },
  {
    title: "Requests by outcome",
    description: "Requests a second over the last minute, by how they ended.",
    unit: "reqps",
    queries: [[`sum by (outcome) (${series(RECORDED.requests)})`, "{{outcome}}"]],
  },
];

const PRESSURE: readonly Graph[] = [
  {
    title: "Errors and refusals",
    description:
      `Of the last minute: ${ERRORS}, which the limits are about; and the refusals among them, which ` +
      "protect the rest.",
    unit: "percentunit",
    queries: [
      [series(RECORDED.errors, 'work="sentiment"'), "errors$exporter"],
      [series(RECORDED.refusals, 'work="sentiment"'), "refusals$exporter"],
    ],
    limit: "error_ratio",
    showsLimit: true,
  },
  {
    title: "Messages in the queue",
    description: "Number of messages that wait for the model at the moment of the scrape.",
    queries: [[series("headroom_queue_depth"), "messages$exporter"]],
  },
  {
    title: "Wait in the queue",
    description:
      "Seconds from a request's arrival at the queue until the model takes its first message.",
    unit: "s",
    queries: middleAndTail("headroom_queue_wait_seconds"),
  },
];

const BATCHES: readonly Graph[] = [
  {
    title: "Messages in a batch",
    description: "Mean number of messages that the model answered together in the last minute.",
    queries: [[mean("sentiment_batch_size", "instance"), "mean$exporter"]],
  },
  {
    title: "Time of a batch",
    description: "Seconds from handing a batch to the model until its scores are there.",
    unit: "s",
    queries: middleAndTail("sentiment_batch_duration_seconds"),
  },
  {
    title: "Model time",
    description:
      "Seconds of batches in each second: at 1 the model never rests, and above 1 batches run " +
      "beside each other.",
    queries: [
      [perSecond("sentiment_batch_duration_seconds_sum", "instance"), "model time$exporter"],
    ],
  },
];

const ATTRIBUTIONS: readonly Graph[] = [
  {
    title: "Attribution entropy",
    description:
      "Mean over the messages of the last minute, in nats, by method. Below the lower line one word " +
      "decides each answer; above the upper line no word stands out.",
    unit: "suffix:nats",
    queries: [[series(RECORDED.entropy), "{{method}}$exporter"]],
    limit: "attribution_entropy",
    showsLimit: true,
  },
  {
    title: "Attribution sparsity",
    description:
      "Mean Gini index over the messages of the last minute, from 0 to 1, by method. Below the " +
      "line all words weigh the same.",
    unit: "none",
    queries: [[series(RECORDED.sparsity), "{{method}}$exporter"]],
    limit: "attribution_sparsity",
  },
  {
    title: "Attributions in range",
    description: "Share of the attributions of the last minute inside of the limits, by method.",
    unit: "percentunit",
    queries: [
      [series(RECORDED.entropyInRange), "entropy, {{method}}$exporter"],
      [series(RECORDED.sparsityInRange), "sparsity, {{method}}$exporter"],
      [series(RECORDED.qualityInRange), "both, {{method}}$exporter"],
    ],
  },
];

const ANSWERS: readonly Graph[] = [
  {
    title: "Labels",
    description: "Messages a second over the last minute, by the label that they were given.",
    queries: [[perSecond("sentiment_messages_total", "label"), "{{label}}"]],
  },
  {
    title: "Cache hits of sentiment",
    description:
      "Share of the looked-up answers of the last minute that a tier held. Redis is only asked " +
      "for what memory did not hold.",
    unit: "percentunit",
    queries: [[series(RECORDED.cacheHits, 'cache="sentiment"'), "{{tier}}$exporter"]],
  },
  {
    title: "Undefined attributions",
    description:
      "Attributions a second over the last minute that have no entropy and no sparsity, by reason.",
    queries: [[perSecond("attribution_undefined_total", "reason"), "{{reason}}"]],
  },
];
