import { LONGEST_TOLD_SECONDS, MEMORY_SCOPES } from "@headroom/alerts/limits";
import {
  attributionMean,
  errorRatio,
  goodput,
  latencyP95,
  rate,
  REQUESTS,
  statusP95,
  streamedQuantile,
} from "@headroom/alerts/rules/measures";
import {
  NoAnswer,
  queryRange,
  querySeries,
  type Curve,
  type PrometheusAddress,
  type QueryRange,
} from "./prometheus-query.ts";
import type { Incident } from "./records/incident.ts";
import { inMarkdown } from "./records/notification.ts";

/** Values of the key metrics as a block of Markdown, or a line that says why there are none. */
export interface MetricsBlock {
  readonly taken: boolean;
  readonly markdown: string;
}

/** `start`: before the incident and at its start; `end`: the worst between its start and its end. */
export type Moment = "start" | "end";

/** Reads the key metrics around an incident; it takes a bounded time. */
export type ReadMetrics = (
  incident: Incident,
  moment: Moment,
  signal: AbortSignal,
) => Promise<MetricsBlock>;

/** All queries of a block together, in milliseconds. */
const PATIENCE_MS = 5000;
const BEFORE_SECONDS = 300;
/** Enough for every peak that lasts, and far below what Prometheus gives at most (11,000). */
const POINTS = 500;

/** Reads from the Prometheus at an address. */
export function metricsFrom(url: string): ReadMetrics {
  return async (incident, moment, signal) => {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const range = rangeOf(incident, moment);
    const metrics = keyMetrics(incident.scope);
    try {
      const prometheus = { url, signal: inTime };
      const [curves, ran] = await Promise.all([
        Promise.all(metrics.map(({ query }) => queryRange(query, range, prometheus))),
        moment === "start" ? whatRan(incident, range.end, prometheus) : "",
      ]);
      const rows = metrics.map((metric, i) => cells(metric, curves[i]!, range, moment));
      return { taken: true, markdown: ran + table(moment, rows) };
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      const what = moment === "start" ? "around the start" : "from start to end";
      const markdown = `\nValues ${what}: Prometheus was asked, but ${error.message}.`;
      return { taken: false, markdown };
    }
  };
}

/** The program, its models and its machine as Prometheus last saw them, as lines of Markdown. */
async function whatRan(
  { scope }: Incident,
  time: number,
  prometheus: PrometheusAddress,
): Promise<string> {
  if (scope === "") return "";
  const queries = machineQueries(scope);
  const [builds, models, capacities] = await Promise.all(
    [queries.build, queries.models, queries.memory].map((q) => querySeries(q, time, prometheus)),
  );
  const lines = [
    ...builds!.map(
      ({ labels: { version, node, engine } }) =>
        `Build: headroom ${version}, Node ${node}, engine ${engine}`,
    ),
    ...models!.map(({ labels: { task, model, engine } }) => `Model: ${task} ${model} (${engine})`),
    ...capacities!.map(({ value }) => `Machine: ${(value / 1e9).toFixed(1)} GB of memory`),
  ];
  return lines.length === 0 ? "" : `\n${lines.map((line) => `- ${inMarkdown(line)}\n`).join("")}`;
}

function rangeOf({ started, resolved }: Incident, moment: Moment): QueryRange {
  const start = Date.parse(started) / 1000;
  if (moment === "start")
    return { start: start - BEFORE_SECONDS, end: start, step: BEFORE_SECONDS };
  const end = Math.max(start, Date.parse(resolved ?? started) / 1000);
  return { start, end, step: Math.max(1, (end - start) / POINTS) };
}

function cells(metric: KeyMetric, curve: Curve, range: QueryRange, moment: Moment): string[] {
  const { name, worst = "highest", write } = metric;
  const at = (time: number): string => {
    // Prometheus writes times in milliseconds, and fractions do not survive sums exactly.
    const [, value] = [...curve].find(([when]) => Math.abs(when - time) < 1) ?? [];
    return value === undefined ? "no data" : write(value);
  };
  if (moment === "start") return [name, at(range.start), at(range.end)];
  const values = [...curve.values()];
  if (values.length === 0) return [name, "no data"];
  const value = worst === "highest" ? Math.max(...values) : Math.min(...values);
  return [name, `${write(value)} (${worst})`];
}

function table(moment: Moment, rows: readonly (readonly string[])[]): string {
  const header =
    moment === "start"
      ? ["metric", `${BEFORE_SECONDS / 60} minutes before`, "at the start"]
      : ["metric", "worst from start to end"];
  const lines = [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  return `\n${lines.join("\n")}`;
}

/** A metric that an incident shows, as one series. */
export interface KeyMetric {
  readonly name: string;
  /** PromQL that gives one series. */
  readonly query: string;
  /** Writes a value with its unit. */
  readonly write: (value: number) => string;
  /** Which value of the curve is the worst; the highest when absent. */
  readonly worst?: "lowest";
}

/** Long enough for a rate at the usual scrape intervals, short enough to show the moment. */
const WINDOW = "1m";

/** A value at the last edge of a histogram may be any larger one. */
const upTo =
  (longest: number) =>
  (value: number): string =>
    `${value >= longest ? "more than " : ""}${round(value)} s`;
const gigabytes = (value: number): string => `${round(value / 1e9)} GB`;
const percent = (value: number): string => `${round(value * 100)} %`;
const plain = (value: number): string => String(round(value));

/**
 * What an incident shows, whichever alert has opened it: the cause is often another metric's. Where
 * too little happened for a value, there is none.
 *
 * @param instance - the instance to look at; empty for all together
 */
export function keyMetrics(instance: string): readonly KeyMetric[] {
  const matchers = instance === "" ? "" : `instance=${JSON.stringify(instance)}`;
  const of = (metric: string, ...more: string[]): string =>
    `${metric}{${[...more, matchers].filter((matcher) => matcher !== "").join(",")}}`;
  const over = { window: WINDOW, by: "", matchers };
  return [
    { name: "Latency P95", query: latencyP95(over), write: upTo(LONGEST_TOLD_SECONDS.latency) },
    { name: "Requests a second", query: rate("sentiment_requests_total", over), write: plain },
    { name: "Errors", query: errorRatio(over), write: percent },
    { name: "Messages in the queue", query: `max(${of("headroom_queue_depth")})`, write: plain },
    ...MEMORY_SCOPES.map((scope) => ({
      name: `Memory of the ${scope}`,
      query: `max(${of("headroom_memory_used_bytes", `scope="${scope}"`)})`,
      write: gigabytes,
    })),
    {
      name: "Attribution entropy, mean",
      query: attributionMean("attribution_entropy_nats", over),
      write: (value) => `${round(value)} nats`,
    },
    {
      name: "Attribution sparsity, mean",
      query: attributionMean("attribution_sparsity_ratio", over),
      write: plain,
      worst: "lowest",
    },
    {
      name: "Status answers P95",
      query: statusP95(over),
      write: upTo(LONGEST_TOLD_SECONDS.status),
    },
    { name: "Chat requests a second", query: rate(REQUESTS.chat, over), write: plain },
    { name: "Chat errors", query: errorRatio(over, "chat"), write: percent },
    {
      name: "Time to first token P95",
      query: streamedQuantile(0.95, "firstToken", over),
      write: upTo(LONGEST_TOLD_SECONDS.firstToken),
    },
    {
      name: "Time per output token P95",
      query: streamedQuantile(0.95, "outputToken", over),
      write: upTo(LONGEST_TOLD_SECONDS.outputToken),
    },
    { name: "Goodput", query: goodput(over), write: percent, worst: "lowest" },
  ];
}

/** Longer than an exporter is down before its alert fires. */
const SEEN_WITHIN = "1h";

/** What is asked about the program and the machine at an instance, which may be gone by then. */
export function machineQueries(instance: string): Record<"build" | "models" | "memory", string> {
  const last = (metric: string, more = "") =>
    `last_over_time(${metric}{instance=${JSON.stringify(instance)}${more}}[${SEEN_WITHIN}])`;
  return {
    build: last("headroom_build_info"),
    models: last("headroom_model_info"),
    memory: last("headroom_memory_capacity_bytes", ',scope="system"'),
  };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
