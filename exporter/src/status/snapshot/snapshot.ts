import { z } from "zod";
import type { PressureLevel, SwapUse } from "../../hardware/memory/machine-memory.ts";
import type { TypeOf } from "../../type-of.ts";

/** The parts of a snapshot; each is read on its own, and each may be missing. */
export const SNAPSHOT_PARTS = [
  "cpu",
  "memory",
  "disks",
  "network",
  "processes",
  "uptime",
  "battery",
] as const;

/** See {@link SNAPSHOT_PARTS}. */
export type SnapshotPart = (typeof SNAPSHOT_PARTS)[number];

/** How busy the processors are; shares are 0 to 1. */
export interface CpuState {
  readonly cores: number;
  /** Share of all cores' time that was not idle since the last reading. */
  readonly usage: number;
  /** Runnable threads, averaged over one minute. */
  readonly loadAverage1m: number;
}

/** Main memory and swap, in bytes. */
export interface MemoryState {
  readonly totalBytes: number;
  /** Used by programs: without caches that the system gives back on demand. */
  readonly usedBytes: number;
  /** What a container may use and does; absent where none is held to less than the machine has. */
  readonly container?: { readonly totalBytes: number; readonly usedBytes: number };
  /** Absent when it could not be read. */
  readonly swap?: SwapUse;
  /** Present on macOS. */
  readonly pressure?: PressureLevel;
}

/** One mounted file system that holds data. */
export interface DiskState {
  /** Where it is mounted, such as `/`. */
  readonly mount: string;
  readonly totalBytes: number;
  readonly usedBytes: number;
}

/** One network interface, without loopback. */
export interface InterfaceState {
  readonly name: string;
  readonly up: boolean;
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
  /** Errors and drops since the last reading. */
  readonly errors: number;
}

/** One program. */
export interface ProcessState {
  readonly pid: number;
  readonly name: string;
  /** Share of one core's time. */
  readonly cpuShare: number;
  readonly memoryBytes: number;
}

/** All programs, and the heaviest of them. */
export interface ProcessesState {
  readonly count: number;
  /** The most by processor time first. */
  readonly topByCpu: readonly ProcessState[];
  /** The most by memory first. */
  readonly topByMemory: readonly ProcessState[];
}

/** How long the machine has been running. */
export interface UptimeState {
  readonly seconds: number;
}

/** The battery of a machine that has one. */
export interface BatteryState {
  /** Charge, 0 to 1. */
  readonly charge: number;
  readonly charging: boolean;
}

/** A part that could not be read, and why. */
export const UNAVAILABLE_PART = z.strictObject({
  part: z.enum(SNAPSHOT_PARTS),
  reason: z.string(),
});

/** See {@link UNAVAILABLE_PART}. */
export type UnavailablePart = TypeOf<typeof UNAVAILABLE_PART>;

/** The state of this machine at one moment. A part is absent when it is listed as unavailable. */
export interface Snapshot {
  /** ISO 8601. */
  readonly takenAt: string;
  readonly cpu?: CpuState;
  readonly memory?: MemoryState;
  readonly disks?: readonly DiskState[];
  readonly network?: readonly InterfaceState[];
  readonly processes?: ProcessesState;
  readonly uptime?: UptimeState;
  /** `undefined` also when the machine has none; then it is not unavailable. */
  readonly battery?: BatteryState;
  readonly unavailable: readonly UnavailablePart[];
}
