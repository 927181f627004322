import { headroom } from "../../alerts/headroom.ts";
import { type Limit, statusLimit } from "../../alerts/limits.ts";
import type { Profile } from "../plan/profiles.ts";
import type { Snapshot } from "../report/snapshot.ts";
import { lastStatusWindow } from "../report/status-window.ts";
import { lastWindow } from "../report/windows.ts";

/** How the run stands now. */
export interface Progress {
  readonly elapsedSeconds: number;
  readonly totalSeconds: number;
  /** Absent when the profile sends no messages, or the readings lie too far apart. */
  readonly sentiment?: {
    /** Messages answered each second, over the last few seconds. */
    readonly messagesPerSecond: number;
    /** The exporter's P95 over the last few seconds; NaN while nothing was answered. */
    readonly p95Seconds: number;
  };
  /** Absent when the profile asks no status questions, or the readings lie too far apart. */
  readonly status?: {
    /** Answers so far. */
    readonly answers: number;
    /** The exporter's P95 of the last ones; NaN while nothing was answered. */
    readonly p95Seconds: number;
  };
  /** The limit with the least headroom. */
  readonly nearest?: { readonly title: string; readonly headroom: number };
}

/** What the newest readings say; undefined before there are two. */
export function progressOf(
  snapshots: readonly Snapshot[],
  limits: readonly Limit[],
  profile: Profile,
): Progress | undefined {
  const newest = snapshots.at(-1);
  const messages = profile.sentiment && lastWindow(snapshots);
  const answers = profile.status && lastStatusWindow(snapshots);
  if (!newest || (!messages && !answers)) return undefined;
  const values: Readonly<Record<string, readonly (number | undefined)[]>> = {
    memory: [newest.memoryBytes.process, newest.memoryBytes.system],
    ...(messages && {
      latency_p95: [messages.p95Seconds],
      error_ratio: [messages.errorRatio],
    }),
    ...(answers &&
      Object.fromEntries(
        [...answers.p95ByScenario].map(([scenario, p95]) => [statusLimit(scenario).id, [p95]]),
      )),
  };
  const [nearest] = limits
    .flatMap((limit) =>
      (values[limit.id] ?? []).map((value) => ({
        title: limit.title,
        headroom: headroom(limit, value ?? Number.NaN),
      })),
    )
    .filter(({ headroom }) => Number.isFinite(headroom))
    .sort((a, b) => a.headroom - b.headroom);
  return {
    elapsedSeconds: Math.min(newest.atSeconds, profile.durationSeconds),
    totalSeconds: profile.durationSeconds,
    ...(messages && {
      sentiment: {
        messagesPerSecond: messages.messagesPerSecond,
        p95Seconds: messages.p95Seconds,
      },
    }),
    ...(answers && { status: { answers: answers.answers, p95Seconds: answers.p95Seconds } }),
    ...(nearest && { nearest }),
  };
}
