import type { MemoryCapacities } from "@headroom/alerts/limits";
import { seeksLimit, type Profile } from "../plan/profiles.ts";
import type { K6Figures, RunFigures } from "./k6-figures.ts";
import { measureSentiment, type SentimentMeasurements } from "./sentiment-measurements.ts";
import { grownBy, type MemoryUser, type Snapshot } from "./snapshot.ts";
import { measureStatus, type StatusMeasurements } from "./status-measurements.ts";
import { saturationOf, type Saturation } from "./windows.ts";

/** The numbers of one run, before anything is made of them. */
export interface Measurements {
  /** Seconds over which rates are taken. */
  readonly seconds: number;
  /** False when the run was stopped before its time. */
  readonly complete: boolean;
  readonly run: RunFigures;
  /** Absent when the profile sends no messages. */
  readonly sentiment?: SentimentMeasurements;
  /** Absent when the profile asks no status questions. */
  readonly status?: StatusMeasurements;
  readonly memory: {
    readonly peakBytes: Readonly<Partial<Record<MemoryUser, number>>>;
    /** The highest of the exporter's own process, without that of the chat model. */
    readonly peakWithoutChatBytes?: number;
    /** What there is in each scope. */
    readonly capacityBytes: MemoryCapacities;
  };
  readonly exporter: Stay;
  /** Only for a rising rate. */
  readonly saturation?: Saturation;
}

/** Whether the exporter stayed: "gone" at the end, or "restarted" on the way, or neither. */
export type Stay = "stayed" | "restarted" | "gone";

/** What a run leaves behind. */
export interface Collected {
  readonly profile: Profile;
  readonly complete: boolean;
  readonly k6: K6Figures;
  /** In order; the first was taken before the load, the last after it. */
  readonly snapshots: readonly Snapshot[];
  /** Whether the exporter still answered after the load. */
  readonly answersAfter: boolean;
}

function stayOf({ snapshots, answersAfter }: Collected): Stay {
  const starts = snapshots.flatMap(({ processStart = [] }) => processStart);
  if (new Set(starts).size > 1) return "restarted";
  return answersAfter ? "stayed" : "gone";
}

function peaks(snapshots: readonly Snapshot[]): Partial<Record<MemoryUser, number>> {
  const highest: Partial<Record<MemoryUser, number>> = {};
  for (const { memoryBytes } of snapshots) {
    for (const [scope, bytes] of Object.entries(memoryBytes) as [MemoryUser, number][]) {
      highest[scope] = Math.max(highest[scope] ?? 0, bytes);
    }
  }
  return highest;
}

function peakWithoutChat(snapshots: readonly Snapshot[]): number | undefined {
  const own = snapshots.flatMap(({ memoryBytes: { process, chat = 0 } }) =>
    process === undefined ? [] : [process - chat],
  );
  return own.length > 0 ? Math.max(...own) : undefined;
}

/** Status questions always come at a fixed rate. */
const hasFixedRate = ({ sentiment }: Profile): boolean =>
  sentiment === undefined || sentiment.arrival.kind === "constant";

/**
 * Turns what a run left behind into numbers.
 *
 * @throws RangeError when there is no snapshot
 */
export function measure(collected: Collected): Measurements {
  const { profile, complete, k6, snapshots } = collected;
  const before = snapshots[0];
  const after = snapshots.at(-1);
  if (!before || !after) throw new RangeError("a run needs at least one reading of the metrics");
  // A constant rate is spread over the planned time; waiting for the last answers is not part of it.
  const seconds = complete && hasFixedRate(profile) ? profile.durationSeconds : k6.seconds;
  const { sentiment, status, ...run } = k6;
  const own = peakWithoutChat(snapshots);
  const saturation = seeksLimit(profile) ? saturationOf(snapshots) : undefined;
  return {
    seconds,
    complete,
    run,
    ...(sentiment && { sentiment: measureSentiment(sentiment, seconds, before, after) }),
    ...(status && {
      status: measureStatus(status, grownBy(after.statusRequests, before.statusRequests)),
    }),
    memory: {
      peakBytes: peaks(snapshots),
      ...(own !== undefined && { peakWithoutChatBytes: own }),
      capacityBytes: after.capacityBytes,
    },
    exporter: stayOf(collected),
    ...(saturation && { saturation }),
  };
}
