import { check } from "k6";
import http, { type RefinedResponse } from "k6/http";
import { Counter, Rate, Trend } from "k6/metrics";
import { type Limit, LIMITS, OUTCOME_MEANS, TIMED_OUTCOMES } from "../../alerts/limits.ts";
import { METRICS } from "../plan/k6-metrics.ts";
import { endOf, loopbackTarget, type RequestEnd } from "../plan/request.ts";

/** What the environment of the k6 process says; everything has a default for runs by hand. */
export const environment = {
  target: loopbackTarget(
    __ENV["HEADROOM_TARGET"] || "http://127.0.0.1:9700",
    __ENV["HEADROOM_ALLOW_REMOTE"],
  ),
  /** Those that the exporter holds to. */
  limits: (__ENV["HEADROOM_LIMITS"]
    ? JSON.parse(__ENV["HEADROOM_LIMITS"])
    : LIMITS) as readonly Limit[],
  /** Number of the first message; another one makes another run's messages. */
  firstMessage: Number(__ENV["HEADROOM_FIRST_MESSAGE"] || 0),
  /** Where the figures go as JSON; the terminal when empty. */
  summaryFile: __ENV["HEADROOM_SUMMARY"] || "",
  token: __ENV["HEADROOM_TOKEN"] || "",
} as const;

/** Longer than any answer may take, so that a late one is seen as late and not as missing. */
const PATIENCE_SECONDS = 10;

const duration = new Trend(METRICS.answerDuration, true);
const errors = new Rate(METRICS.requestErrors);
const refused = new Counter(METRICS.requestsRefused);

http.setResponseCallback(http.expectedStatuses(200));

/** Where and how to post. */
interface Posting {
  readonly path: string;
  /** k6's tags of the request; `name` keeps the paths of one route together. */
  readonly tags: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** How long to wait; {@link PATIENCE_SECONDS} when absent. */
  readonly patienceSeconds?: number;
}

/** What came back. */
type Posted =
  /** 200, with the body as JSON; undefined, which no check accepts, when it is something else. */
  | { readonly ok: true; readonly body: unknown }
  /** Anything but 200: a failed request, not an answer of the wrong shape. */
  | { readonly ok: false };

/** Posts `json` to the exporter, and counts how the request ended. */
export function post(posting: Posting, json: unknown): Posted {
  const { response, end } = exchange(posting, json);
  countEnd(end, posting.tags);
  return end.outcome === "ok" && response.status === 200
    ? { ok: true, body: parse(response.body) }
    : { ok: false };
}

/** Posts `json` to the exporter; whoever calls counts how it ended. */
export function exchange({ path, tags, headers, patienceSeconds }: Posting, json: unknown) {
  const started = Date.now();
  const response: RefinedResponse<"text"> = http.post(
    `${environment.target}${path}`,
    JSON.stringify(json),
    {
      headers: {
        "Content-Type": "application/json",
        ...(environment.token && { Authorization: `Bearer ${environment.token}` }),
        ...headers,
      },
      tags: { ...tags },
      timeout: `${patienceSeconds ?? PATIENCE_SECONDS}s`,
    },
  );
  const ended = Date.now();
  return { response, started, ended, end: endOf(response, ended - started) };
}

/**
 * k6's own `http_req_duration` and `http_req_failed` look at every request: refused ones are quick and
 * would make the server look fast, wrong ones are no error of it.
 */
export function countEnd({ outcome, milliseconds }: RequestEnd, tags: Posting["tags"]): void {
  if (TIMED_OUTCOMES.includes(outcome)) duration.add(milliseconds, { ...tags });
  const meaning = OUTCOME_MEANS[outcome];
  if (meaning !== "excluded") errors.add(meaning === "error", { ...tags });
  if (outcome === "refused") refused.add(1, { ...tags });
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
