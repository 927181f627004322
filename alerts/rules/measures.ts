import { CHAT_OPERATIONS, ERROR_OUTCOMES, EXCLUDED_OUTCOMES, type Limit } from "../limits.ts";
import { insideCells, QUALITY_MESSAGES } from "../quality-grid.ts";
import { EVIDENCE } from "./evidence.ts";

/**
 * What is measured of requests, written once in PromQL. Whoever shows such a value asks for it here:
 * the recording rules, incidents, and `npm run check`, each over a time and for exporters of its own.
 * A value without enough evidence has no sample: it is not known, and neither 0 nor the last one.
 */
export interface Over {
  /** A Prometheus duration to look back over. */
  readonly window: string;
  /** Labels that stay, with commas between them; empty for one series of everything. */
  readonly by: string;
  /** Of the exporter's series, without braces; all of them by default. */
  readonly matchers?: string;
}

/** The 95th percentile of request times, in seconds, of requests that were answered or came too late. */
export function latencyP95(over: Over): string {
  return quantile(0.95, "sentiment_request_duration_seconds", over);
}

/** The same of status answers. */
export function statusP95(over: Over): string {
  return quantile(0.95, "headroom_status_duration_seconds", over);
}

/** What counts the requests of each kind of work. */
export const REQUESTS = {
  sentiment: "sentiment_requests_total",
  status: "headroom_status_requests_total",
  chat: "headroom_chat_requests_total",
} as const;

/** A kind of work, the label `work` of what is recorded of several. */
export type Work = keyof typeof REQUESTS;

/** What well-meant requests did not get, as a share of all of them; see `OUTCOME_MEANS`. */
export function errorRatio(over: Over, work: Work = "sentiment"): string {
  return ofWellMeant(REQUESTS[work], ERROR_OUTCOMES, over);
}

/** The requests that admission refused, as a share of the well-meant ones. */
export function refusalRatio(work: Work, over: Over): string {
  return ofWellMeant(REQUESTS[work], ["refused"], over);
}

/** The `gen_ai_*` series of clients: the exporter's own summaries of a status are none of theirs. */
export const OF_CLIENTS = `gen_ai_operation_name=~"${CHAT_OPERATIONS.join("|")}"`;

/** What is measured of streamed answers, by the histogram that holds it; in seconds. */
export const STREAMED = {
  firstToken: "gen_ai_server_time_to_first_token_seconds",
  outputToken: "gen_ai_server_time_per_output_token_seconds",
} as const;

/** A quantile of the times of streamed answers of clients. */
export function streamedQuantile(
  share: number,
  what: keyof typeof STREAMED,
  { matchers = "", ...over }: Over,
): string {
  const ofClients = [OF_CLIENTS, matchers].filter(Boolean).join(", ");
  return quantile(share, STREAMED[what], { ...over, matchers: ofClients }, EVIDENCE.streams);
}

/** A quantile of the time between two pieces of a streamed answer, in seconds. */
export function gapQuantile(share: number, over: Over): string {
  return quantile(share, "headroom_chat_inter_token_seconds", over);
}

/** Goodput: the well-meant requests to stream that were answered within both limits, as a share of all. */
export function goodput(over: Over): string {
  const all = "headroom_chat_streams_total";
  const good = rate("headroom_chat_streams_within_limits_total", over);
  return withEvidence(share(good, rate(all, over)), EVIDENCE.streams, all, over);
}

/** The share of the looked-up answers that a cache held. */
export function cacheHits(over: Over): string {
  const lookups = "headroom_cache_requests_total";
  const hits = share(rate(lookups, over, 'result="hit"'), rate(lookups, over));
  return withEvidence(hits, EVIDENCE.requests, lookups, over);
}

/** The mean of an attribution quality over messages. */
export function attributionMean(metric: string, over: Over): string {
  const mean = `${rate(`${metric}_sum`, over)} / ${rate(`${metric}_count`, over)}`;
  return withEvidence(mean, EVIDENCE.messages, `${metric}_count`, over);
}

/**
 * The messages whose entropy and sparsity are both within their limits, as a share of all that have an
 * attribution: the number of the quality map.
 */
export function attributionInside(over: Over, limits?: readonly Limit[]): string {
  const all = rate(QUALITY_MESSAGES, over);
  const inside = `${rate(QUALITY_MESSAGES, over, ...insideCells(limits))} / ${all}`;
  return withEvidence(inside, EVIDENCE.messages, QUALITY_MESSAGES, over);
}

/** How much a counter grows in a second. */
export function rate(counter: string, { window, by, matchers = "" }: Over, ...more: string[]) {
  return `${summed(by)} (rate(${counter}${inBraces(matchers, ...more)}[${window}]))`;
}

/** `samples`, but only where the counter grew by at least `minimum` within the window. */
export function withEvidence(
  samples: string,
  minimum: number,
  counter: string,
  { window, by, matchers = "" }: Over,
  ...more: string[]
): string {
  const grown = `${summed(by)} (increase(${counter}${inBraces(matchers, ...more)}[${window}]))`;
  return `(${samples}) and on (${by}) (${grown} >= ${minimum})`;
}

/**
 * PromQL for a share between 0 and 1. A part that was never counted has no series yet; it reads as
 * 0 wherever the whole exists.
 */
export function share(part: string, whole: string): string {
  return `(${part} or 0 * ${whole}) / ${whole}`;
}

/**
 * A quantile of a histogram, where it counted enough.
 *
 * @param share - from 0 to 1
 * @param histogram - of times; one that holds no refused, wrong or aborted request
 * @param least - how many it must have counted
 */
export function quantile(
  share: number,
  histogram: string,
  over: Over,
  least: number = EVIDENCE.requests,
): string {
  const by = over.by === "" ? "le" : `${over.by}, le`;
  const samples = `histogram_quantile(${share}, ${rate(`${histogram}_bucket`, { ...over, by })})`;
  return withEvidence(samples, least, `${histogram}_count`, over);
}

function ofWellMeant(counter: string, outcomes: readonly string[], over: Over): string {
  const wellMeant = `outcome!~"${EXCLUDED_OUTCOMES.join("|")}"`;
  const part = rate(counter, over, `outcome=~"${outcomes.join("|")}"`);
  const ratio = share(part, rate(counter, over, wellMeant));
  return withEvidence(ratio, EVIDENCE.requests, counter, over, wellMeant);
}

function summed(by: string): string {
  return by === "" ? "sum" : `sum by (${by})`;
}

function inBraces(...matchers: readonly string[]): string {
  const all = matchers.filter((matcher) => matcher !== "");
  return all.length === 0 ? "" : `{${all.join(", ")}}`;
}
