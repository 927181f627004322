import type { DataFrameDTO, FieldType } from "@grafana/data";
import type { Target } from "../dashboard/schema.ts";
import { seriesName } from "./legend.ts";
import { asSeries, readNumber, type MatrixSeries, type QueryResult } from "./prometheus-data.ts";

// The type's values; the enum itself would pull Grafana's package into code that needs none of it.
const TIME = "time" as FieldType;
const NUMBER = "number" as FieldType;
const STRING = "string" as FieldType;

/** How a query was asked. */
export interface Asked {
  readonly target: Target;
  /** With its variables replaced. */
  readonly expr: string;
  /** Milliseconds; 0 for an instant query. */
  readonly stepMs: number;
}

/**
 * An answer as the data frames that Grafana's Prometheus data source makes of it: a frame for each
 * series with a time and a number, or one table.
 */
export function framesOf(answer: QueryResult, asked: Asked): readonly DataFrameDTO[] {
  const series = asSeries(answer);
  if (asked.target.format === "table") return [tableFrame(series, asked)];
  return series.map((one) => seriesFrame(one, asked, answer.resultType));
}

function seriesFrame(
  { metric, values }: MatrixSeries,
  { target, expr, stepMs }: Asked,
  resultType: string,
): DataFrameDTO {
  const name = seriesName(target.legendFormat ?? "", metric, expr);
  const times = new Array<number>(values.length);
  const numbers = new Array<number>(values.length);
  for (const [index, [seconds, text]] of values.entries()) {
    times[index] = Math.round(seconds * 1_000);
    numbers[index] = readNumber(text);
  }
  return {
    refId: target.refId,
    meta: {
      type: (stepMs > 0 ? "timeseries-multi" : "numeric-multi") as never,
      typeVersion: [0, 1],
      custom: { resultType },
      executedQueryString: stepMs > 0 ? `Expr: ${expr}\nStep: ${stepMs / 1_000}s` : `Expr: ${expr}`,
    },
    fields: [
      // The interval tells a graph where values are missing.
      { name: "Time", type: TIME, values: times, config: stepMs > 0 ? { interval: stepMs } : {} },
      {
        name: metric["__name__"] ?? "Value",
        type: NUMBER,
        values: numbers,
        labels: metric,
        config: name ? { displayNameFromDS: name } : {},
      },
    ],
  };
}

function tableFrame(series: readonly MatrixSeries[], { target, expr }: Asked): DataFrameDTO {
  const names = [...new Set(series.flatMap(({ metric }) => Object.keys(metric)))].sort();
  const rows = series.flatMap(({ metric, values }) => values.map((point) => ({ metric, point })));
  return {
    refId: target.refId,
    meta: {
      preferredVisualisationType: "table",
      executedQueryString: `Expr: ${expr}`,
    },
    fields: [
      { name: "Time", type: TIME, values: rows.map(({ point }) => Math.round(point[0] * 1_000)) },
      ...names.map((name) => ({
        name,
        type: STRING,
        values: rows.map(({ metric }) => metric[name] ?? ""),
        config: { filterable: true },
      })),
      { name: "Value", type: NUMBER, values: rows.map(({ point }) => readNumber(point[1])) },
    ],
  };
}

/** As Grafana: of several tables each says in its column whose value it is. */
export function nameTableValues(frames: readonly DataFrameDTO[]): readonly DataFrameDTO[] {
  const tables = frames.filter(({ meta }) => meta?.preferredVisualisationType === "table");
  if (tables.length < 2) return frames;
  return frames.map((frame) =>
    tables.includes(frame)
      ? {
          ...frame,
          fields: frame.fields.map((field) =>
            field.name === "Value" ? { ...field, name: `Value #${frame.refId}` } : field,
          ),
        }
      : frame,
  );
}
