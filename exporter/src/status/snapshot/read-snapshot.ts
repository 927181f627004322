import { setMaxListeners } from "node:events";
import { machineReaders } from "./machine-readers.ts";
import { inTime, outcomeOf, type Outcome } from "./outcome.ts";
import type { PartState, Readers } from "./reader.ts";
import { SNAPSHOT_PARTS, type Snapshot, type SnapshotPart } from "./snapshot.ts";

/**
 * Longest time for each part in milliseconds. The quickest analysis has 2 s for everything, so a
 * snapshot must be there after a third of that. Rates need two counts 250 ms apart (500 ms for the
 * network outside Linux); the rest of each limit is room for a machine that is busy.
 */
export const PART_LIMIT_MS: Readonly<Record<SnapshotPart, number>> = {
  cpu: 500,
  memory: 400,
  disks: 500,
  network: 650,
  processes: 650,
  uptime: 200,
  battery: 400,
};

/** How to read a snapshot. */
export interface ReadOptions {
  /** Those of this machine when left out. */
  readonly readers?: Readers;
  /** Longest time for each part in milliseconds; {@link PART_LIMIT_MS} when left out. */
  readonly limitMs?: Readonly<Record<SnapshotPart, number>>;
}

/**
 * Reads the parts once, all at the same time. A part that fails or is late is listed as unavailable
 * with the reason, and the rest goes on.
 */
export async function readSnapshot(
  parts: readonly SnapshotPart[],
  { readers = machineReaders(), limitMs = PART_LIMIT_MS }: ReadOptions = {},
): Promise<Snapshot> {
  const stop = new AbortController();
  // Every part listens, and those with a pause do twice; Node warns of more than ten.
  setMaxListeners(2 * SNAPSHOT_PARTS.length, stop.signal);
  try {
    return await assemble(parts, (part) =>
      inTime(
        outcomeOf<unknown>(() => readers[part](stop.signal)),
        limitMs[part],
        stop.signal,
      ),
    );
  } finally {
    // What is late needs not go on.
    stop.abort();
  }
}

/**
 * Puts the outcomes of the parts together. The snapshot is as old as its oldest part.
 *
 * @throws what `outcome` throws
 */
export async function assemble(
  parts: readonly SnapshotPart[],
  outcome: (part: SnapshotPart) => Promise<Outcome<unknown>>,
): Promise<Snapshot> {
  const wanted = SNAPSHOT_PARTS.filter((part) => parts.includes(part));
  const outcomes = await Promise.all(
    wanted.map(async (part) => ({ part, outcome: await outcome(part) })),
  );
  const states: { -readonly [P in SnapshotPart]?: PartState<P> } = {};
  const unavailable = [];
  let takenAt = new Date().toISOString();
  for (const { part, outcome } of outcomes) {
    if ("failure" in outcome) {
      unavailable.push({ part, reason: outcome.failure });
      continue;
    }
    if (outcome.takenAt < takenAt) takenAt = outcome.takenAt;
    if (outcome.state !== undefined) Object.assign(states, { [part]: outcome.state });
  }
  return { takenAt, ...(states as Partial<Snapshot>), unavailable };
}
