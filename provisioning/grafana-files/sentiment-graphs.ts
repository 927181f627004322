import { mean, perSecond, quantile, series } from "./expressions.ts";
import type { Graph } from "./graphs.ts";
import { questions } from "./query.ts";
import { RECORDED } from "./recorded.ts";
import { THROUGHPUT } from "./shared-graphs.ts";
import { ERRORS, TIMED } from "./words.ts";

/** P50 and P95 of a histogram, by exporter. */
const middleAndTail = (histogram: string) =>
  questions(
    [quantile(0.5, histogram, "instance"), "P50, {{instance}}"],
    [quantile(0.95, histogram, "instance"), "P95, {{instance}}"],
  );

const TIMES = "sentiment_request_duration_seconds";

const SPEED: readonly Graph[] = [
  THROUGHPUT,
  {
    title: "Latency, P50, P95 and P99",
    description: `Seconds of the last minute. ${TIMED} The lines are the limits of P95.`,
    unit: "s",
    questions: questions(
      [quantile(0.5, TIMES, "instance"), "P50, {{instance}}", "latency"],
      [series(RECORDED.p95), "P95, {{instance}}", "latency"],
      [quantile(0.99, TIMES, "instance"), "P99, {{instance}}", "latency"],
    ),
    limit: "latency_p95",
    showsLimit: true,
  },
  {
    title: "Requests by outcome",
    description: "Requests a second over the last minute, by how they ended.",
    unit: "reqps",
    questions: questions([`sum by (outcome) (${series(RECORDED.requests)})`, "{{outcome}}"]),
  },
];

const PRESSURE: readonly Graph[] = [
  {
    title: "Errors and refusals",
    description:
      `Of the last minute: ${ERRORS}, which the limits are about; and the refusals among them, which ` +
      "protect the rest.",
    unit: "percentunit",
    questions: questions(
      [series(RECORDED.errors), "errors, {{instance}}"],
      [series(RECORDED.refusals), "refusals, {{instance}}"],
    ),
    limit: "error_ratio",
    showsLimit: true,
  },
  {
    title: "Messages in the queue",
    description: "Number of messages that wait for the model at the moment of the scrape.",
    unit: "short",
    questions: questions([series("headroom_queue_depth"), "{{instance}}"]),
  },
  {
    title: "Wait in the queue",
    description:
      "Seconds from a request's arrival at the queue until the model takes its first message.",
    unit: "s",
    questions: middleAndTail("headroom_queue_wait_seconds"),
  },
];

const BATCHES: readonly Graph[] = [
  {
    title: "Messages in a batch",
    description: "Mean number of messages that the model answered together in the last minute.",
    unit: "short",
    questions: questions([mean("sentiment_batch_size", "instance"), "{{instance}}"]),
  },
  {
    title: "Time of a batch",
    description: "Seconds from handing a batch to the model until its scores are there.",
    unit: "s",
    questions: middleAndTail("sentiment_batch_duration_seconds"),
  },
  {
    title: "Model time",
    description:
      "Seconds of batches in each second: at 1 the model never rests, and above 1 batches run " +
      "beside each other.",
    unit: "short",
    questions: questions([
      perSecond("sentiment_batch_duration_seconds_sum", "instance"),
      "{{instance}}",
    ]),
  },
];

const ATTRIBUTIONS: readonly Graph[] = [
  {
    title: "Attribution entropy",
    description:
      "Mean over the messages of the last minute, in nats, by method. Below the lower line one word " +
      "decides each answer; above the upper line no word stands out.",
    unit: "suffix:nats",
    questions: questions([series(RECORDED.entropy), "{{method}}, {{instance}}"]),
    limit: "attribution_entropy",
    showsLimit: true,
  },
  {
    title: "Attribution sparsity",
    description:
      "Mean Gini index over the messages of the last minute, from 0 to 1, by method. Below the " +
      "line all words weigh the same.",
    unit: "none",
    questions: questions([series(RECORDED.sparsity), "{{method}}, {{instance}}"]),
    limit: "attribution_sparsity",
  },
  {
    title: "Attributions in range",
    description: "Share of the attributions of the last minute inside of the limits, by method.",
    unit: "percentunit",
    questions: questions(
      [series(RECORDED.entropyInRange), "entropy, {{method}}, {{instance}}"],
      [series(RECORDED.sparsityInRange), "sparsity, {{method}}, {{instance}}"],
    ),
  },
];

const ANSWERS: readonly Graph[] = [
  {
    title: "Labels",
    description: "Messages a second over the last minute, by the label that they were given.",
    unit: "short",
    questions: questions([perSecond("sentiment_messages_total", "label"), "{{label}}"]),
  },
  {
    title: "Cache hits of sentiment",
    description:
      "Share of the looked-up answers of the last minute that a tier held. Redis is only asked " +
      "for what memory did not hold.",
    unit: "percentunit",
    questions: questions([
      series(RECORDED.cacheHits, 'cache="sentiment"'),
      "{{tier}}, {{instance}}",
    ]),
  },
  {
    title: "Undefined attributions",
    description:
      "Attributions a second over the last minute that have no entropy and no sparsity, by reason.",
    unit: "short",
    questions: questions([perSecond("attribution_undefined_total", "reason"), "{{reason}}"]),
  },
];

/** The graphs of the sentiment dashboard, in rows. */
export const SENTIMENT_GRAPHS: readonly (readonly Graph[])[] = [
  SPEED,
  PRESSURE,
  BATCHES,
  ATTRIBUTIONS,
  ANSWERS,
];
