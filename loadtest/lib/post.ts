import { check } from "k6";
import http, { type Params, type RefinedResponse } from "k6/http";
import { Counter } from "k6/metrics";
import { METRICS } from "../plan/k6-metrics.ts";
import { endOf } from "../plan/request-end.ts";
import { countEnd } from "./count-end.ts";
import { environment } from "./environment.ts";

/** Longer than any answer may take, so that a late one is seen as late and not as missing. */
const REQUEST_TIMEOUT = "10s";

const refused = new Counter(METRICS.requestsRefused);

http.setResponseCallback(http.expectedStatuses(200));

/** Where and how to post. */
export interface Posting {
  readonly path: string;
  /** k6's tags of the request; `name` keeps the paths of one route together. */
  readonly tags: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const parametersOf = ({ tags, headers }: Posting): Params => ({
  headers: {
    "Content-Type": "application/json",
    ...(environment.token && { Authorization: `Bearer ${environment.token}` }),
    ...headers,
  },
  tags: { ...tags },
  timeout: REQUEST_TIMEOUT,
});

/** What came back. */
export type Posted =
  /** 200, with the body as JSON; undefined, which no check accepts, when it is something else. */
  | { readonly ok: true; readonly body: unknown }
  /** Anything but 200: a failed request, not an answer of the wrong shape. */
  | { readonly ok: false };

/** Posts `json` to the exporter, and counts how the request ended. */
export function post(posting: Posting, json: unknown): Posted {
  const started = Date.now();
  const response: RefinedResponse<"text"> = http.post(
    `${environment.target}${posting.path}`,
    JSON.stringify(json),
    parametersOf(posting),
  );
  const end = endOf(response, Date.now() - started);
  countEnd(end, posting.tags);
  if (end.outcome === "refused") refused.add(1, { ...posting.tags });
  return end.outcome === "ok" && response.status === 200
    ? { ok: true, body: parse(response.body) }
    : { ok: false };
}

function parse(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

/** Hands named checks to k6; whether all hold. */
export function allHold(checks: Readonly<Record<string, boolean>>): boolean {
  return check(
    null,
    Object.fromEntries(Object.entries(checks).map(([name, holds]) => [name, () => holds])),
  );
}
