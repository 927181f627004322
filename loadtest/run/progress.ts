import { headroom } from "../../alerts/headroom.ts";
import type { Limit } from "../../alerts/limits.ts";
import type { Snapshot } from "../report/snapshot.ts";
import { lastWindow } from "../report/windows.ts";

/** How the run stands now. */
export interface Progress {
  readonly elapsedSeconds: number;
  readonly totalSeconds: number;
  /** Messages answered each second, over the last few seconds. */
  readonly messagesPerSecond: number;
  /** The exporter's P95 over the last few seconds; NaN while nothing was answered. */
  readonly p95Seconds: number;
  /** The limit with the least headroom. */
  readonly nearest?: { readonly title: string; readonly headroom: number };
}

/** What the newest readings say; undefined before there are two. */
export function progressOf(
  snapshots: readonly Snapshot[],
  limits: readonly Limit[],
  totalSeconds: number,
): Progress | undefined {
  const window = lastWindow(snapshots);
  const newest = snapshots.at(-1);
  if (!window || !newest) return undefined;
  const values: Readonly<Record<string, readonly (number | undefined)[]>> = {
    latency_p95: [window.p95Seconds],
    error_ratio: [window.errorRatio],
    memory: [newest.memoryBytes.process, newest.memoryBytes.system],
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
    elapsedSeconds: Math.min(newest.atSeconds, totalSeconds),
    totalSeconds,
    messagesPerSecond: window.messagesPerSecond,
    p95Seconds: window.p95Seconds,
    ...(nearest && { nearest }),
  };
}
