import { byHeadroom, headroom } from "@headroom/alerts/headroom";
import { type Limit, statusLimit } from "@headroom/alerts/limits";
import type { Profile } from "../plan/profiles.ts";
import { formatHeadroom } from "../report/format.ts";
import type { Estimate } from "../report/histogram.ts";
import type { Snapshot } from "../report/snapshot.ts";
import { exactly, observedFor, type Values } from "../report/verdicts.ts";
import {
  type ChatWindow,
  lastChatWindow,
  lastStatusWindow,
  lastWindow,
  type StatusWindow,
  type Window,
} from "../report/windows.ts";

/** How the run stands now. */
export interface Progress {
  readonly elapsedSeconds: number;
  readonly totalSeconds: number;
  /** For so long the exporter has told nothing, so that nothing else is known; absent while it tells. */
  readonly silentSeconds?: number;
  /** Absent when the profile sends no messages, or the readings lie too far apart. */
  readonly sentiment?: {
    /** Messages answered each second, over the last few seconds. */
    readonly messagesPerSecond: number;
    /** The exporter's P95 over the last few seconds, in seconds; NaN with too few requests. */
    readonly p95: Estimate;
  };
  /** Absent when the profile sends no status requests, or the readings lie too far apart. */
  readonly status?: {
    /** Answers so far. */
    readonly answers: number;
    /** The exporter's P95 of the last ones, in seconds; NaN with too few of them. */
    readonly p95: Estimate;
  };
  /** Absent when the profile sends no chat requests, or the readings lie too far apart. */
  readonly chat?: {
    /** Of a closed load. */
    readonly users?: number;
    /** Answers so far. */
    readonly answers: number;
    /** The exporter's P95 of the last ones, in seconds; NaN with too few of them. */
    readonly firstToken: Estimate;
    readonly outputToken: Estimate;
  };
  /** The limit with the least headroom, of all that the profile exercises. */
  readonly nearest?: Nearest;
}

/** A limit and what is left of it. */
interface Nearest {
  readonly title: string;
  readonly headroom: number;
  /** "headroom 44 %", "10 times the limit". */
  readonly inWords: string;
}

/** Of all limits that the profile exercises. */
function nearestOf(
  limits: readonly Limit[],
  { memoryBytes }: Snapshot,
  messages: Window | undefined,
  answers: StatusWindow | undefined,
  chat: ChatWindow | undefined,
): Nearest | undefined {
  const times = [...(answers?.p95ByScenario ?? [])];
  const now: Values = {
    memoryBytes,
    others: {
      ...(messages && {
        latency_p95: messages.p95,
        error_ratio: exactly(messages.errorRatio),
        attribution_entropy: exactly(messages.entropy),
        attribution_sparsity: exactly(messages.sparsity),
      }),
      ...(chat && {
        first_token_p95: chat.firstToken,
        output_token_p95: chat.outputToken,
        error_ratio: exactly(chat.errorRatio),
      }),
      ...Object.fromEntries(times.map(([scenario, p95]) => [statusLimit(scenario).id, p95])),
    },
  };
  const [nearest] = limits
    .flatMap((limit): Nearest[] => {
      const observed = observedFor(limit, now);
      if (!observed) return [];
      const left = headroom(limit, observed.value);
      if (Number.isNaN(left)) return [];
      return [{ title: limit.title, headroom: left, inWords: formatHeadroom(limit, observed) }];
    })
    .sort((a, b) => byHeadroom(a.headroom, b.headroom));
  return nearest;
}

/** Several readings that are taken once a second; one or two may be late under load. */
const SILENT_SECONDS = 5;

/**
 * What the newest readings say; undefined before there are two.
 *
 * @param nowSeconds - since the load began; the newest reading may be older
 */
export function progressOf(
  snapshots: readonly Snapshot[],
  limits: readonly Limit[],
  profile: Profile,
  nowSeconds: number,
): Progress | undefined {
  const newest = snapshots.at(-1);
  const silentSeconds = nowSeconds - (newest?.atSeconds ?? 0);
  const totalSeconds = profile.durationSeconds;
  const elapsedSeconds = Math.min(nowSeconds, totalSeconds);
  if (silentSeconds >= SILENT_SECONDS) return { elapsedSeconds, totalSeconds, silentSeconds };
  const messages = profile.sentiment && lastWindow(snapshots);
  const answers = profile.status && lastStatusWindow(snapshots);
  const chat = profile.chat && lastChatWindow(snapshots);
  if (!newest || (!messages && !answers && !chat)) return undefined;
  const nearest = nearestOf(limits, newest, messages, answers, chat);
  return {
    elapsedSeconds,
    totalSeconds,
    ...(messages && {
      sentiment: { messagesPerSecond: messages.messagesPerSecond, p95: messages.p95 },
    }),
    ...(answers && { status: { answers: answers.answers, p95: answers.p95 } }),
    ...(chat && {
      chat: {
        ...(profile.chat?.arrival.kind === "users" && { users: profile.chat.arrival.users }),
        answers: chat.answers,
        firstToken: chat.firstToken,
        outputToken: chat.outputToken,
      },
    }),
    ...(nearest && { nearest }),
  };
}
