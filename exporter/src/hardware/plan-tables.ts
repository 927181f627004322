import { GB } from "./gigabytes.ts";

/** A row that holds from a memory size on. */
interface Row {
  /** Memory that the process may use, in bytes. */
  readonly from: number;
}

/** What one more step of memory buys. */
export interface SizeRow extends Row {
  /** Tokens of one sequence. */
  readonly contextSize: number;
  /** Tokens evaluated in one step. */
  readonly batchSize: number;
  /** Requests side by side, with a graphics processor. */
  readonly sequences: number;
}

/** Layers on the graphics processor. */
export interface GpuRow extends Row {
  /** -1 is all of them. */
  readonly gpuLayers: number;
}

/*
 * How machines fall into the rows. A machine that is sold with 16 GB has 16 GiB: macOS reports all
 * 17.18e9 bytes, Linux without what the kernel and the firmware keep, 16.3e9 to 16.8e9. So it reaches
 * the row of 16 GB, as a 32 GB machine (34.4e9, 32.7e9 and more) and an 8 GB machine (8.59e9, 8.2e9
 * to 8.4e9) reach theirs. A PC whose graphics keep more than half a GB may report less than 16e9 and
 * falls a row lower, which is right: that memory is gone. Containers are limited in GiB as well.
 */

/** Context, batch and sequences, the largest row first. */
export const SIZE_ROWS: readonly [SizeRow, SizeRow, SizeRow] = [
  { from: 32 * GB, contextSize: 4096, batchSize: 1024, sequences: 4 },
  { from: 16 * GB, contextSize: 2048, batchSize: 512, sequences: 2 },
  { from: 0, contextSize: 1024, batchSize: 256, sequences: 1 },
];

/**
 * Layers on a graphics processor that shares the machine's memory (Apple Silicon), the largest row first.
 * On others the layers follow from their own memory.
 */
export const GPU_ROWS: readonly [GpuRow, GpuRow, GpuRow] = [
  { from: 16 * GB, gpuLayers: -1 },
  { from: 8 * GB, gpuLayers: 20 },
  { from: 0, gpuLayers: 10 },
];

/** Performance cores that one request keeps busy without a graphics processor. */
export const THREADS_PER_SEQUENCE = 4;

/** The row for a memory size; the lowest when it is not known. */
export function rowFor<R extends Row>(
  rows: readonly [R, R, R],
  memoryBytes: number | undefined,
): R {
  return rows.find(({ from }) => memoryBytes !== undefined && memoryBytes >= from) ?? rows[2];
}

/**
 * Threads for a number of cores: all but a quarter of them, rounded up, which are left to the
 * system, the load and the event loop. So 8 give 6, 4 give 3 and 2 give 1; a single core gives 1.
 *
 * @param cores - a whole number
 */
export function threadsFor(cores: number): number {
  return Math.max(1, cores - Math.ceil(cores / 4));
}

/**
 * What is lowered, in this order, until a plan fits into the free memory. Each row is a ceiling.
 *
 * The batch goes down together with the context, in the steps of the table, and below the table's
 * last row after it. With the context alone going down, a machine of the next larger row could end
 * with a smaller context, because its larger batch takes the memory.
 */
export const REDUCTIONS: readonly Partial<
  Record<"sequences" | "contextSize" | "batchSize" | "gpuLayers", number>
>[] = [
  { sequences: 3 },
  { sequences: 2 },
  { sequences: 1 },
  { contextSize: SIZE_ROWS[1].contextSize, batchSize: SIZE_ROWS[1].batchSize },
  { contextSize: SIZE_ROWS[2].contextSize, batchSize: SIZE_ROWS[2].batchSize },
  { contextSize: 512 },
  { batchSize: 128 },
  { batchSize: 64 },
  // Frees the second compute buffer; fewer layers alone would not.
  { gpuLayers: 0 },
];
