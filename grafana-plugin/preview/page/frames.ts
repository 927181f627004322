import type { DataFrameDTO, FieldType, Labels } from "@grafana/data";
import type { Moments, Point, Series } from "./prometheus.ts";
import type { Target } from "./server-api.ts";

// The type's values; the enum itself would pull Grafana's package into code that needs none of it.
const TIME = "time" as FieldType;
const NUMBER = "number" as FieldType;

/** Prometheus answers at most 11,000 points a series. */
const MOST_POINTS = 11_000;

/**
 * The step of a range query.
 *
 * @param wantedMs milliseconds that the panel's width or the annotation asks for
 */
export function stepOf({ from, to }: Moments, wantedMs: number): number {
  return Math.max(wantedMs, Math.ceil((to - from) / MOST_POINTS), 1);
}

/**
 * What `$__rate_interval` stands for: never shorter than four scrapes.
 * Source: https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
 */
export function rateInterval(stepMs: number, scrapeIntervalMs: number): string {
  return `${Math.round(Math.max(stepMs + scrapeIntervalMs, 4 * scrapeIntervalMs))}ms`;
}

/**
 * Series as the data frames that Grafana's Prometheus data source makes of them: a frame for each,
 * with a time and a number.
 *
 * @param stepMs milliseconds; 0 for a query at one moment
 */
export function framesOf(
  series: readonly Series[],
  { refId, legendFormat = "" }: Target,
  stepMs: number,
): readonly DataFrameDTO[] {
  return series.map(({ metric, values }) => ({
    refId,
    meta: { type: (stepMs > 0 ? "timeseries-multi" : "numeric-multi") as never },
    fields: [
      {
        name: "Time",
        type: TIME,
        values: values.map(([seconds]) => Math.round(seconds * 1_000)),
        // The interval tells a graph where values are missing.
        config: stepMs > 0 ? { interval: stepMs } : {},
      },
      {
        name: metric["__name__"] ?? "Value",
        type: NUMBER,
        values: values.map(([, text]) => readNumber(text)),
        labels: metric,
        config: legendFormat ? { displayNameFromDS: withLabels(legendFormat, metric) } : {},
      },
    ],
  }));
}

/** An answer at one moment as one table: a column for each label, in the order of the alphabet, and the value. */
export function tableOf(series: readonly Series[], { refId }: Target): DataFrameDTO {
  const names = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const numbers = series.map(({ values }) => readNumber(values[0]?.[1] ?? "NaN"));
  return {
    refId,
    meta: { type: "numeric-long" as never },
    fields: [
      ...names.map((name) => ({
        ...{ name, type: "string" as FieldType, config: {} },
        values: series.map(({ metric }) => metric[name] ?? ""),
      })),
      { name: "Value", type: NUMBER, values: numbers, config: {} },
    ],
  };
}

/** Fills labels into a text like `{{job}} on {{ instance }}`; one that a series lacks is empty. */
export function withLabels(text: string, labels: Labels): string {
  return text.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? "");
}

/**
 * As Grafana makes annotations of a series: the stretches, in milliseconds since 1970, in which
 * samples above 0 follow each other by one step.
 */
export function regionsOf(points: readonly Point[], stepMs: number): readonly Moments[] {
  const regions: Moments[] = [];
  for (const [seconds, text] of points) {
    if (!(readNumber(text) > 0)) continue;
    const at = Math.round(seconds * 1_000);
    const last = regions.at(-1);
    if (last && at - last.to <= stepMs) regions[regions.length - 1] = { from: last.from, to: at };
    else regions.push({ from: at, to: at });
  }
  return regions;
}

/** The moments that the samples themselves name, in milliseconds since 1970, each once. */
export function momentsOf(points: readonly Point[]): readonly Moments[] {
  const named = points.map(([, text]) => readNumber(text)).filter(Number.isFinite);
  return [...new Set(named)].map((at) => ({ from: at, to: at }));
}

/** A number as Prometheus writes it. */
function readNumber(text: string): number {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}
