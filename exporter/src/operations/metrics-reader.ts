import { linkSignals } from "../linked-signal.ts";
import type { Incident } from "./incident.ts";
import { keyMetrics, type KeyMetric } from "./key-metrics.ts";
import { NoAnswer, queryRange, type Curve, type QueryRange } from "./prometheus-query.ts";

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
        const curves = await Promise.all(
          metrics.map(({ query }) => queryRange(query, range, { url, signal: limited.signal })),
        );
        const rows = metrics.map((metric, i) => cells(metric, curves[i]!, range, moment));
        return { taken: true, markdown: table(moment, rows) };
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
