import { type Limit, LIMITS } from "../../alerts/limits.ts";
import { type Profile, seeksLimit } from "../plan/profiles.ts";
import { bucketOf, estimate, type Histogram, meanOf, observations, since } from "./histogram.ts";
import { startsWithin } from "../plan/chat-load.ts";
import type {
  ChatFigures,
  K6Figures,
  ScenarioFigures,
  SentimentFigures,
  StatusFigures,
} from "./k6-figures.ts";
import { grownBy, type MemoryUser, type Snapshot } from "./snapshot.ts";
import { saturationOf } from "./windows.ts";

/** The numbers of one run, before anything is made of them. */
export type Measurements = ReturnType<typeof measure>;

/** The numbers of the messages: what k6 counted, and what the exporter's metrics add to it. */
export type SentimentMeasurements = ReturnType<typeof sentimentMeasurements>;

/** The numbers of all status requests. */
export type StatusMeasurements = ReturnType<typeof statusMeasurements>;

/** The numbers of the chat requests. */
export type ChatMeasurements = ReturnType<typeof chatMeasurements>;

/** A time by its mean and its 95th percentile, in seconds. */
export type Time = ReturnType<typeof timeOf>;

/** Whether the client's P95 and the server's are one figure, as far as a histogram can tell. */
export type Agreement = ReturnType<typeof compare>;

/** Whether the exporter stayed: "gone" at the end, or "restarted" on the way, or neither. */
export type Stay = "stayed" | "restarted" | "gone";

/** What a run leaves behind. */
export interface Collected {
  readonly profile: Profile;
  /** False when the run was stopped before its time. */
  readonly complete: boolean;
  readonly k6: K6Figures;
  /** In order; the first was taken before the load, the last after it. */
  readonly snapshots: readonly Snapshot[];
  /** Whether the exporter still answered after the load. */
  readonly answersAfter: boolean;
  /** Those that the exporter holds to; Headroom's own when absent. */
  readonly limits?: readonly Limit[];
}

/**
 * Turns what a run left behind into numbers.
 *
 * @throws RangeError when there is no snapshot
 */
export function measure(collected: Collected) {
  const { profile, complete, k6, snapshots, limits = LIMITS } = collected;
  const before = snapshots[0];
  const after = snapshots.at(-1);
  if (!before || !after) throw new RangeError("a run needs at least one reading of the metrics");
  // A constant rate is spread over the planned time; waiting for the last answers is not part of it.
  // Status requests always come at one.
  const hasFixedRate = (profile.sentiment?.arrival.kind ?? "constant") === "constant";
  const seconds = complete && hasFixedRate ? profile.durationSeconds : k6.seconds;
  const { sentiment, status, chat, ...run } = k6;
  const saturation = seeksLimit(profile) ? saturationOf(snapshots, limits) : undefined;
  return {
    /** Seconds over which rates are taken. */
    seconds,
    complete,
    run,
    ...(sentiment && { sentiment: sentimentMeasurements(sentiment, seconds, before, after) }),
    ...(status && { status: statusMeasurements(status, before, after) }),
    ...(chat && { chat: chatMeasurements(chat, loadedSeconds(profile, k6), before, after) }),
    memory: { ...memoryOf(snapshots), capacityBytes: after.capacityBytes },
    exporter: stayOf(collected),
    /** Only for a rising rate. */
    ...(saturation && { saturation }),
  };
}

/** The time from which the rates of chat requests are taken: the load's own, of a stopped run until then. */
const loadedSeconds = ({ durationSeconds }: Profile, { seconds }: K6Figures): number =>
  Math.min(durationSeconds, seconds) - startsWithin(durationSeconds);

function stayOf({ snapshots, answersAfter }: Collected): Stay {
  const starts = snapshots.flatMap(({ processStart = [] }) => processStart);
  if (new Set(starts).size > 1) return "restarted";
  return answersAfter ? "stayed" : "gone";
}

/** The highest of each scope, and of the exporter's own process without that of the chat model. */
function memoryOf(snapshots: readonly Snapshot[]) {
  const peakBytes: Partial<Record<MemoryUser, number>> = {};
  for (const { memoryBytes } of snapshots) {
    for (const [scope, bytes] of Object.entries(memoryBytes) as [MemoryUser, number][]) {
      peakBytes[scope] = Math.max(peakBytes[scope] ?? 0, bytes);
    }
  }
  const withoutChat = snapshots.flatMap(({ memoryBytes: { process, chat = 0 } }) =>
    process === undefined ? [] : [process - chat],
  );
  return {
    peakBytes,
    ...(withoutChat.length > 0 && { peakWithoutChatBytes: Math.max(...withoutChat) }),
  };
}

function sentimentMeasurements(
  figures: SentimentFigures,
  seconds: number,
  before: Snapshot,
  after: Snapshot,
) {
  const grown = (name: "requestDuration" | "queueWait" | "batchDuration" | "batchSize") => {
    const delta = after[name] && since(after[name], before[name]);
    return delta && observations(delta) > 0 ? delta : undefined;
  };
  const request = grown("requestDuration");
  const queueWait = grown("queueWait");
  const batch = grown("batchDuration");
  const batchSize = grown("batchSize");
  return {
    ...figures,
    /** What well-meant requests did not get, as a share of them; NaN without any. */
    errorRatio: figures.failed / figures.wellMeant,
    /** Answered ones. */
    messagesPerSecond: figures.messages.answered / seconds,
    requestsPerSecond: figures.requests / seconds,
    /** What the exporter published; times and sizes are absent where it did not. */
    server: {
      ...(request && { request: timeOf(request) }),
      ...(queueWait && { queueWait: timeOf(queueWait) }),
      ...(batch && { batch: timeOf(batch) }),
      /** Messages in a batch, mean. */
      ...(batchSize && { batchSize: meanOf(batchSize) }),
      /** Requests by outcome during the run. */
      outcomes: grownBy(after.requests, before.requests),
    },
    ...(request &&
      Number.isFinite(figures.latency.p95) && {
        agreement: compare(figures.latency.p95, request),
      }),
    cache: {
      /** Share of the answered messages that came from the cache. */
      hitRate: figures.messages.cached / figures.messages.answered,
      /** Look-ups by tier and result during the run. */
      lookUps: grownBy(after.cacheRequests, before.cacheRequests),
    },
  };
}

const timeOf = (histogram: Histogram) => ({
  mean: meanOf(histogram),
  p95: estimate(histogram, 0.95),
});

function compare(client: number, requests: Histogram) {
  const server = estimate(requests, 0.95);
  const widths = [client, server.value].map((value) => {
    const { lower, upper } = bucketOf(requests, value);
    return upper - lower;
  });
  const allowed = Math.max(0, ...widths.filter(Number.isFinite));
  const difference = client - server.value;
  // A server's P95 that is only known to be more is never the same as the client's.
  const isFar = server.isLeast ? difference < -allowed : Math.abs(difference) > allowed;
  return {
    /** Null when it cannot tell: the server's lies beyond the edges, and the client's near or there. */
    agrees: isFar ? false : server.isLeast ? null : true,
    /** Client's less server's, in seconds; at least so far apart when the server's lies beyond. */
    differenceSeconds: difference,
    /** Width of the widest bucket with an end that holds one of them, in seconds. */
    allowedSeconds: allowed,
  };
}

function statusMeasurements(
  { scenarios, ...requests }: StatusFigures,
  before: Snapshot,
  after: Snapshot,
) {
  const sum = (figure: "answers" | "cached" | "fromModel"): number =>
    scenarios.reduce((total, scenario) => total + scenario[figure], 0);
  const all = shares({
    answers: sum("answers"),
    cached: sum("cached"),
    fromModel: sum("fromModel"),
  });
  return {
    ...requests,
    ...all,
    /** Share of the requests that got an answer that passed every check. */
    successShare: all.answers / requests.requests,
    scenarios: scenarios.map((figures) => ({
      scenario: figures.scenario,
      requests: figures.requests,
      p95Seconds: figures.latency.p95,
      meanSeconds: figures.latency.mean,
      longestSeconds: figures.latency.max,
      ...shares(figures),
    })),
    /** Requests by outcome during the run, as the exporter counts them. */
    outcomes: grownBy(after.statusRequests, before.statusRequests),
  };
}

function chatMeasurements(
  figures: ChatFigures,
  seconds: number,
  before: Snapshot,
  after: Snapshot,
) {
  const grown = (name: "firstToken" | "outputToken") => {
    const delta = after[name] && since(after[name], before[name]);
    return delta && observations(delta) > 0 ? delta : undefined;
  };
  const firstToken = grown("firstToken");
  const outputToken = grown("outputToken");
  return {
    ...figures,
    /** What well-meant requests did not get, as a share of them; NaN without any. */
    errorRatio: figures.failed / figures.wellMeant,
    requestsPerSecond: figures.inTime.requests / seconds,
    /** NaN where answers did not say how many tokens they read. */
    inputTokensPerSecond: figures.usageMissing > 0 ? NaN : figures.inTime.inputTokens / seconds,
    outputTokensPerSecond: figures.inTime.outputTokens / seconds,
    /** The same times as the exporter published them; absent where it did not. */
    server: {
      ...(firstToken && { firstToken: timeOf(firstToken) }),
      ...(outputToken && { outputToken: timeOf(outputToken) }),
      outcomes: grownBy(after.chatRequests, before.chatRequests),
    },
    ...(firstToken &&
      Number.isFinite(figures.firstToken.p95) && {
        agreement: compare(figures.firstToken.p95, firstToken),
      }),
  };
}

/** How many answers passed every check, and which share came from where; a share of nothing is NaN. */
const shares = ({
  answers,
  cached,
  fromModel,
}: Pick<ScenarioFigures, "answers" | "cached" | "fromModel">) => ({
  answers,
  cached,
  fromModel,
  hitRate: cached / answers,
  modelShare: fromModel / answers,
});
