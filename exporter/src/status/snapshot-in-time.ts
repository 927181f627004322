import { linkSignals } from "../linked-signal.ts";
import type { Snapshot, SnapshotPart } from "./snapshot/snapshot.ts";
import type { Snapshots } from "./snapshot/snapshots.ts";
import type { TimeLimit } from "./time-limit.ts";

/**
 * A snapshot before the answer is due; all of it is unavailable when the machine is slower.
 *
 * @throws the signal's reason when it aborts
 */
export async function takeInTime(
  snapshots: Snapshots,
  parts: readonly SnapshotPart[],
  time: TimeLimit,
  signal: AbortSignal,
): Promise<Snapshot> {
  const wanted = linkSignals([signal], time.leftForAnswer);
  try {
    return await snapshots.take(parts, wanted.signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!wanted.timedOut) throw error;
    const reason = "the deadline came first";
    return {
      takenAt: new Date().toISOString(),
      unavailable: parts.map((part) => ({ part, reason })),
    };
  } finally {
    wanted.release();
  }
}
