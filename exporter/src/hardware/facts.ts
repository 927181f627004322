import type { MemoryUse } from "./memory/machine-memory.ts";

/** A fact, or why it is not known. */
export type Fact<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly reason: string };

/** Ways in which llama.cpp can use a graphics processor. */
export type GpuBackend = "metal" | "cuda" | "vulkan";

/** An Apple Silicon chip, as its brand says. */
export interface AppleChip {
  /** 1 for M1, 2 for M2 and so on. */
  readonly generation: number;
  readonly tier: "base" | "Pro" | "Max" | "Ultra";
}

/** Cores by kind. */
export interface CoreKinds {
  readonly performance: number;
  readonly efficiency: number;
}

/** A graphics processor and the way in which llama.cpp can use it. */
export interface Gpu {
  readonly backend: GpuBackend;
  readonly name: string;
  /** Whether the engine's binary for the backend is installed; left out where it always is. */
  readonly binary?: "installed" | "missing";
  /** Memory of its own in bytes; left out where it is the machine's, and where it is not known. */
  readonly memory?: { readonly totalBytes: number; readonly freeBytes: number };
}

/** What is known about the machine that the exporter runs on. */
export interface HardwareFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Brand of the processor, such as `Apple M4 Pro`. */
  readonly brand: Fact<string>;
  /** Present on Apple Silicon only. */
  readonly appleChip?: AppleChip;
  /**
   * Processors that this process may use: the container's limit where there is one, which need not
   * be a whole number.
   */
  readonly usableCores: Fact<number>;
  /** Performance cores; all cores, without hyperthreads, where the processor has one kind. */
  readonly performanceCores: Fact<number>;
  /** Efficiency cores; 0 where the processor has one kind. */
  readonly efficiencyCores: Fact<number>;
  /** Memory that this process may use, in bytes: the container's limit where there is one. */
  readonly memoryBytes: Fact<number>;
  /** Processors of the host; present only where a container may use fewer. */
  readonly hostCores?: number;
  /** Memory of the host in bytes; present only where a container may use less. */
  readonly hostMemoryBytes?: number;
  /** Memory that is free for programs now, in bytes. */
  readonly availableMemoryBytes: Fact<number>;
  /** What memory is judged by, each with its own capacity; what is not known or not there is absent. */
  readonly memory: { readonly system?: MemoryUse; readonly container?: MemoryUse };
  /** Where the limits of processor and memory come from; none where nothing is limited. */
  readonly container: "none" | "cgroup1" | "cgroup2";
  /** The graphics processor that llama.cpp can use; `value: undefined` when there is none. */
  readonly gpu: Fact<Gpu | undefined>;
  /** Whether an x86-64 Node runs on Apple Silicon through Rosetta. */
  readonly translated: boolean;
  /** Whether this process runs in a container. */
  readonly inContainer: boolean;
}

/** A fact that is known. */
export function known<T>(value: T): Fact<T> {
  return { known: true, value };
}

/** The fact that a reading gives; unknown, with the error's message as the reason, when it throws. */
export async function attempt<T>(reading: () => T | Promise<T>): Promise<Fact<T>> {
  try {
    return known(await reading());
  } catch (error) {
    return { known: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The value of a fact; undefined when it is not known. */
export function valueOf<T>(fact: Fact<T>): T | undefined {
  return fact.known ? fact.value : undefined;
}

/** The value of a fact that another one needs. @throws Error with the fact's reason */
export function need<T>(fact: Fact<T>): T {
  if (!fact.known) throw new Error(fact.reason);
  return fact.value;
}

/** A GB is 1e9 bytes here, as in `alerts/limits.ts`. */
export const GB = 1e9;

/** A size for a sentence, such as `5.3 GB`. */
export function gigabytes(bytes: number): string {
  return `${(bytes / GB).toFixed(bytes < GB / 10 ? 2 : 1)} GB`;
}
