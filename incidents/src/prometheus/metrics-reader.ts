import { linkSignals } from "@headroom/exporter/linked-signal";
import type { Incident } from "../records/incident.ts";
import { inMarkdown } from "../records/plain-text.ts";
import { keyMetrics, machineQueries, type KeyMetric } from "./key-metrics.ts";
import {
  NoAnswer,
  queryRange,
  querySeries,
  type Curve,
  type PrometheusAddress,
  type QueryRange,
} from "./prometheus-query.ts";

/** Values of the key metrics as a block of Markdown, or a line that says why there are none. */
export interface MetricsBlock {
  readonly taken: boolean;
  readonly markdown: string;
}

/** `start`: before the incident and at its start; `end`: the worst between its start and its end. */
export type Moment = "start" | "end";

/** Reads the key metrics around an incident; it takes a bounded time. */
export interface MetricsReader {
  read(incident: Incident, moment: Moment, signal: AbortSignal): Promise<MetricsBlock>;
}

/** All queries of a block together, in milliseconds. */
const PATIENCE_MS = 5000;
const BEFORE_SECONDS = 300;
/** Enough for every peak that lasts, and far below what Prometheus gives at most (11,000). */
const POINTS = 500;

/** Reads from the Prometheus at an address. */
export function metricsFrom(url: string): MetricsReader {
  return {
    async read(incident, moment, signal) {
      const limited = linkSignals([signal], PATIENCE_MS);
      const range = rangeOf(incident, moment);
      const metrics = keyMetrics(incident.scope);
      try {
        const prometheus = { url, signal: limited.signal };
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
      } finally {
        limited.release();
      }
    },
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
  const { name, worst, write } = metric;
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
