import type { QueryResult } from "./prometheus-data.ts";

/** Prometheus, or the way to it, has failed. */
export class PrometheusError extends Error {
  /** Whether Prometheus was not there at all, so that asking again may help. */
  readonly unreachable: boolean;

  constructor(message: string, unreachable: boolean) {
    super(message);
    this.unreachable = unreachable;
  }
}

const BASE = "/api/prometheus/api/v1";

/**
 * A range query; times and step in milliseconds.
 *
 * @throws PrometheusError with Prometheus' own words when it refuses the query
 */
export function queryRange(
  expr: string,
  range: { readonly start: number; readonly end: number; readonly stepMs: number },
  signal: AbortSignal,
): Promise<QueryResult> {
  const { start, end, stepMs } = range;
  const seconds = (ms: number) => String(ms / 1_000);
  const parameters = { start: seconds(start), end: seconds(end), step: seconds(stepMs) };
  return post("/query_range", { query: expr, ...parameters }, signal);
}

/**
 * A query at one moment, in milliseconds.
 *
 * @throws PrometheusError as {@link queryRange}
 */
export function queryInstant(expr: string, at: number, signal: AbortSignal): Promise<QueryResult> {
  return post("/query", { query: expr, time: String(at / 1_000) }, signal);
}

/**
 * The values of a label, of all series or of those that a selector matches, between two moments in
 * milliseconds.
 *
 * @throws PrometheusError as {@link queryRange}
 */
export function labelValues(
  label: string,
  selector: string | undefined,
  range: { readonly start: number; readonly end: number },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const parameters = new URLSearchParams({
    start: String(range.start / 1_000),
    end: String(range.end / 1_000),
    ...(selector && { "match[]": selector }),
  });
  return ask(`${BASE}/label/${encodeURIComponent(label)}/values?${parameters}`, { signal });
}

function post<T>(path: string, form: Record<string, string>, signal: AbortSignal): Promise<T> {
  return ask(`${BASE}${path}`, { method: "POST", body: new URLSearchParams(form), signal });
}

async function ask<T>(url: string, request: RequestInit): Promise<T> {
  const answer = await fetch(url, request).catch((error: Error) => {
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
