import { setMaxListeners } from "node:events";
import { machineReaders } from "./machine-readers.ts";
import type { Readers } from "./reader.ts";
import { assemble, PART_LIMIT_MS } from "./read-snapshot.ts";
import { SharedReading } from "./shared-reading.ts";
import { SNAPSHOT_PARTS, type Snapshot, type SnapshotPart } from "./snapshot.ts";

/** Gives snapshots of this machine to many who ask at the same time. */
export interface Snapshots {
  /**
   * A snapshot of the parts; those that others have just read are not read again. Parts that fail or
   * are late are listed in it as unavailable.
   *
   * @throws the signal's reason when it aborts; the reading goes on, because others may share it
   * @throws Error when the snapshots were closed
   */
  take(parts: readonly SnapshotPart[], signal?: AbortSignal): Promise<Snapshot>;
  /** Ends all that is under way and leaves no timer. */
  close(): void;
}

/** How snapshots are kept. */
export interface SnapshotsOptions {
  /** How long a part is fresh, in seconds; 2 is short enough to be called now. */
  readonly ttlSeconds: number;
  /** Milliseconds since some start; only tests need another clock. */
  readonly clock?: () => number;
  /** Those of this machine when left out. */
  readonly readers?: Readers;
  /** Longest time for each part in milliseconds; {@link PART_LIMIT_MS} when left out. */
  readonly limitMs?: Readonly<Record<SnapshotPart, number>>;
}

/**
 * Shortest time for which disks are fresh, in seconds. They fill slowly, and on macOS their reading
 * blocks the event loop while `diskutil` runs.
 */
const DISKS_TTL_SECONDS = 15;

/** Opens the snapshots of a machine. Nothing is read, and no timer runs, until somebody asks. */
export function createSnapshots(options: SnapshotsOptions): Snapshots {
  const { ttlSeconds, clock = () => performance.now(), limitMs = PART_LIMIT_MS } = options;
  const readers = options.readers ?? machineReaders();
  const closed = new AbortController();
  // Every part listens, and those with a pause do twice; Node warns of more than ten.
  setMaxListeners(2 * SNAPSHOT_PARTS.length, closed.signal);
  const open = (part: SnapshotPart) =>
    new SharedReading<unknown>(() => readers[part](closed.signal), {
      limitMs: limitMs[part],
      freshMs: 1000 * (part === "disks" ? Math.max(ttlSeconds, DISKS_TTL_SECONDS) : ttlSeconds),
      clock,
      signal: closed.signal,
    });
  const readings = new Map(SNAPSHOT_PARTS.map((part) => [part, open(part)]));

  return {
    async take(parts, signal) {
      closed.signal.throwIfAborted();
      signal?.throwIfAborted();
      const snapshot = assemble(parts, async (part) => readings.get(part)!.outcome());
      return signal ? unlessAborted(snapshot, signal) : snapshot;
    },
    close() {
      closed.abort(new Error("the snapshots were closed"));
    },
  };
}

/** The promise's value, or the signal's reason when it aborts first. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
