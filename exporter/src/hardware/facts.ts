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

/** What is known about the machine that the exporter runs on. */
export interface HardwareFacts {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Brand of the processor, such as `Apple M4 Pro`. */
  readonly brand: Fact<string>;
  /** Present on Apple Silicon only. */
  readonly appleChip?: AppleChip;
  /** Processors that this process may use: the container's limit where there is one. */
  readonly usableCores: Fact<number>;
  /** Performance cores; all usable cores where the processor has one kind. */
  readonly performanceCores: Fact<number>;
  /** Efficiency cores; 0 where the processor has one kind. */
  readonly efficiencyCores: Fact<number>;
  /** Memory that this process may use, in bytes: the container's limit where there is one. */
  readonly memoryBytes: Fact<number>;
  /** Memory that is free for programs now, in bytes. */
  readonly availableMemoryBytes: Fact<number>;
  /** Where the limits of processor and memory come from. */
  readonly container: "none" | "cgroup1" | "cgroup2";
  /** The graphics processor that llama.cpp can use; `value: undefined` when there is none. */
  readonly gpu: Fact<{ readonly backend: GpuBackend; readonly name: string } | undefined>;
  /** Whether an x86-64 Node runs on Apple Silicon through Rosetta. */
  readonly translated: boolean;
  /** Whether this process runs in a container. */
  readonly inContainer: boolean;
}
