import { setMaxListeners } from "node:events";
import { inTime, LATE } from "../../in-time.ts";
import { machineReaders } from "./machine-readers.ts";
import type { Readers } from "./reader.ts";
import { SNAPSHOT_PARTS, type Snapshot, type SnapshotPart } from "./snapshot.ts";

/** Gives snapshots of this machine to many who ask at the same time. */
export interface Snapshots {
  /**
   * A snapshot of the parts, as old as its oldest part; what others have just read is not read again.
   * Parts that fail or are late are listed in it as unavailable.
   *
   * @throws Error when the snapshots were closed
   */
  take(parts: readonly SnapshotPart[]): Promise<Snapshot>;
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
 * Longest time for each part in milliseconds. The quickest scenario has 2 s for everything, so a
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

/**
 * Shortest time for which disks are fresh, in seconds. They fill slowly, and on macOS their reading
 * blocks the event loop while `diskutil` runs.
 */
const DISKS_TTL_SECONDS = 15;

/** Longest reason for a failure, in characters. */
const REASON_LENGTH = 120;

/** A part that was read and when (ISO 8601), or why it was not. */
type Outcome = { readonly state: unknown; readonly takenAt: string } | { readonly failure: string };

/** Opens the snapshots of a machine. Nothing is read, and no timer runs, until somebody asks. */
export function createSnapshots(options: SnapshotsOptions): Snapshots {
  const { ttlSeconds, clock = () => performance.now(), limitMs = PART_LIMIT_MS } = options;
  const readers = options.readers ?? machineReaders();
  const closed = new AbortController();
  // Every part listens, and those with a pause do twice; Node warns of more than ten.
  setMaxListeners(2 * SNAPSHOT_PARTS.length, closed.signal);
  const readings = new Map<SnapshotPart, Promise<Outcome>>();
  const landed = new Map<SnapshotPart, { readonly outcome: Outcome; readonly at: number }>();

  /**
   * Those who ask share a reading while it is under way and as long as it is fresh, also when it
   * failed. The time limit runs from its start, so that whoever comes later waits only for the rest of
   * it; while a reading hangs, nobody waits and no other is started.
   */
  async function outcomeOf(part: SnapshotPart): Promise<Outcome> {
    const freshMs =
      1000 * (part === "disks" ? Math.max(ttlSeconds, DISKS_TTL_SECONDS) : ttlSeconds);
    const last = landed.get(part);
    if (last && clock() - last.at < freshMs) return last.outcome;
    const started = readings.get(part);
    if (started) return started;
    const reading = read(part).then((outcome) => {
      landed.set(part, { outcome, at: clock() });
      readings.delete(part);
      return outcome;
    });
    const inItsTime = inTime(reading, limitMs[part], closed.signal).then((outcome) =>
      outcome === LATE ? { failure: `took longer than ${limitMs[part]} ms` } : outcome,
    );
    // Everybody may have left when the snapshots are closed.
    inItsTime.catch(() => {});
    readings.set(part, inItsTime);
    return inItsTime;
  }

  async function read(part: SnapshotPart): Promise<Outcome> {
    try {
      const state = await readers[part](closed.signal);
      return { state, takenAt: new Date().toISOString() };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const firstLine = message.split("\n", 1)[0]!.trim();
      return { failure: firstLine.slice(0, REASON_LENGTH) || "unknown error" };
    }
  }

  async function assemble(parts: readonly SnapshotPart[]): Promise<Snapshot> {
    const wanted = SNAPSHOT_PARTS.filter((part) => parts.includes(part));
    const outcomes = await Promise.all(wanted.map(outcomeOf));
    const states: Partial<Record<SnapshotPart, unknown>> = {};
    const unavailable = [];
    let takenAt = new Date().toISOString();
    for (const [index, part] of wanted.entries()) {
      const outcome = outcomes[index]!;
      if ("failure" in outcome) {
        unavailable.push({ part, reason: outcome.failure });
        continue;
      }
      if (outcome.takenAt < takenAt) takenAt = outcome.takenAt;
      if (outcome.state !== undefined) states[part] = outcome.state;
    }
    return { takenAt, ...(states as Partial<Snapshot>), unavailable };
  }

  return {
    async take(parts) {
      closed.signal.throwIfAborted();
      return assemble(parts);
    },
    close() {
      closed.abort(new Error("the snapshots were closed"));
    },
  };
}
