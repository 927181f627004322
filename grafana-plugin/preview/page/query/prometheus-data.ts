import type { Labels } from "@grafana/data";

/** A time in seconds since 1970 and a number as text: `NaN`, `+Inf` and `-Inf` included. */
export type Point = readonly [number, string];

/** One series of an answer. */
export interface MatrixSeries {
  readonly metric: Labels;
  readonly values: readonly Point[];
}

/** One value of an answer. */
export interface VectorSample {
  readonly metric: Labels;
  readonly value: Point;
}

/** What Prometheus' `query` and `query_range` answer. */
export type QueryResult =
  | { readonly resultType: "matrix"; readonly result: readonly MatrixSeries[] }
  | { readonly resultType: "vector"; readonly result: readonly VectorSample[] }
  | { readonly resultType: "scalar" | "string"; readonly result: Point };

/** A number as Prometheus writes it. */
export function readNumber(text: string): number {
  if (text === "+Inf") return Infinity;
  return text === "-Inf" ? -Infinity : Number(text);
}

/** Any answer as series: a value is a series of one point. */
export function asSeries(answer: QueryResult): readonly MatrixSeries[] {
  switch (answer.resultType) {
    case "matrix":
      return answer.result;
    case "vector":
      return answer.result.map(({ metric, value }) => ({ metric, values: [value] }));
    case "scalar":
    case "string":
      return [{ metric: {}, values: [answer.result] }];
  }
}
