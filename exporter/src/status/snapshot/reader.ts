import type { Snapshot, SnapshotPart } from "./snapshot.ts";

/** What reading a part gives; `undefined` only where the machine has no such thing (a battery). */
export type PartState<P extends SnapshotPart> = Snapshot[P];

/**
 * Reads one part of the snapshot. The signal ends its pauses; a command of the system that already
 * runs is not stopped.
 *
 * @throws Error with a short reason when the part cannot be read
 */
export type Reader<T> = (signal: AbortSignal) => Promise<T>;

/** A reader for each part. */
export type Readers = { readonly [P in SnapshotPart]: Reader<PartState<P>> };

/** The value when it is a number that a machine can have: finite and not negative; else 0. */
export function amount(value: number | null | undefined): number {
  return value !== null && value !== undefined && Number.isFinite(value) ? Math.max(0, value) : 0;
}
