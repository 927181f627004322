import type { Labels } from "@grafana/data";

/** A time in seconds since 1970 and a number as text: `NaN`, `+Inf` and `-Inf` included. */
export type Point = readonly [number, string];

/** One series of an answer; of a query at one moment, with one point. */
export interface Series {
  readonly metric: Labels;
  readonly values: readonly Point[];
}

interface Sample {
  readonly metric: Labels;
  readonly value: Point;
}

/** Moments in milliseconds since 1970. */
export interface Moments {
  readonly from: number;
  readonly to: number;
}

/** Prometheus, or the way to it, has failed. */
export class PrometheusError extends Error {
  /** Whether Prometheus was not there at all, so that asking again may help. */
  readonly unreachable: boolean;

  constructor(message: string, unreachable: boolean) {
    super(message);
    this.unreachable = unreachable;
  }
}

/**
 * A range query. Its start and end are put on multiples of the step, so that a refreshed graph does
 * not jitter.
 *
 * @param stepMs milliseconds between two points
 * @throws PrometheusError with Prometheus' own words when it refuses the query
 */
export async function queryRange(
  query: string,
  { from, to }: Moments,
  stepMs: number,
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const aligned = (time: number) => String((Math.floor(time / stepMs) * stepMs) / 1_000);
  const times = { start: aligned(from), end: aligned(to), step: String(stepMs / 1_000) };
  const body = new URLSearchParams({ query, ...times });
  const request = { method: "POST", body, signal };
  return (await ask<{ result: readonly Series[] }>("/query_range", request)).result;
}

/**
 * A query at one moment, in milliseconds; it answers with a vector.
 *
 * @throws PrometheusError as {@link queryRange}
 */
export async function queryInstant(
  query: string,
  at: number,
  signal: AbortSignal,
): Promise<readonly Series[]> {
  const body = new URLSearchParams({ query, time: String(at / 1_000) });
  const request = { method: "POST", body, signal };
  const { result } = await ask<{ result: readonly Sample[] }>("/query", request);
  return result.map(({ metric, value }) => ({ metric, values: [value] }));
}

/**
 * The values that a label has in the series of a selector.
 *
 * @throws PrometheusError as {@link queryRange}
 */
export function labelValues(
  label: string,
  selector: string,
  { from, to }: Moments,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const times = { start: String(from / 1_000), end: String(to / 1_000) };
  const parameters = new URLSearchParams({ ...times, "match[]": selector });
  return ask(`/label/${encodeURIComponent(label)}/values?${parameters}`, { signal });
}

async function ask<T>(path: string, request: RequestInit): Promise<T> {
  const answer = await fetch(`/api/prometheus/api/v1${path}`, request).catch((error: Error) => {
    if (request.signal?.aborted) throw error;
    throw new PrometheusError("The preview's server cannot be reached.", true);
  });
  const body = (await answer.json().catch(() => undefined)) as
    { status?: unknown; data?: T; error?: string; detail?: string } | undefined;
  if (answer.ok && body?.status === "success") return body.data as T;
  const said = body?.error ?? body?.detail ?? `Prometheus answered ${answer.status}.`;
  // 503 is also what Prometheus says while it starts, and without JSON.
  throw new PrometheusError(said, body?.error === undefined && answer.status >= 500);
}
