import { z } from "zod";
import type { MemoryScope } from "@headroom/alerts/limits";
import type { TypeOf } from "../type-of.ts";

/** A fact, or why it is not known. */
export type Fact<T> =
  { readonly known: true; readonly value: T } | { readonly known: false; readonly reason: string };

const fact = <S extends z.ZodType>(value: S) =>
  z.discriminatedUnion("known", [
    z.strictObject({ known: z.literal(true), value }),
    z.strictObject({ known: z.literal(false), reason: z.string() }),
  ]);

const APPLE_CHIP = z.strictObject({
  generation: z.int().positive().describe("1 for M1, 2 for M2 and so on."),
  tier: z.enum(["base", "Pro", "Max", "Ultra"]),
});

/** See `appleChip` in {@link HardwareFacts}. */
export type AppleChip = TypeOf<typeof APPLE_CHIP>;

/** Cores by kind. */
export interface CoreKinds {
  readonly performance: number;
  readonly efficiency: number;
}

const GPU = z.strictObject({
  backend: z.enum(["metal", "cuda", "vulkan"]).describe("The way in which llama.cpp can use it."),
  name: z.string(),
  binary: z
    .enum(["installed", "missing"])
    .exactOptional()
    .describe("The engine's, for the backend."),
  memory: z
    .strictObject({ totalBytes: z.number(), freeBytes: z.number() })
    .exactOptional()
    .describe("Of its own; left out where it is the machine's, and where it is not known."),
});

/** A graphics processor and the way in which llama.cpp can use it. */
export type Gpu = TypeOf<typeof GPU>;

/** Ways in which llama.cpp can use a graphics processor. */
export type GpuBackend = Gpu["backend"];

const number = z.number();
const bytes = z.number().nonnegative();
const MEMORY_USE = z.strictObject({ usedBytes: bytes, capacityBytes: bytes });

/** Memory in use, without what the system gives back on demand, and what there is; in bytes. */
export type MemoryUse = TypeOf<typeof MEMORY_USE>;

/** Memory of those scopes that there are, each with its own capacity. */
export const MEMORY_BY_SCOPE = z.strictObject({
  system: MEMORY_USE.exactOptional(),
  container: MEMORY_USE.exactOptional(),
  process: MEMORY_USE.exactOptional(),
  device: MEMORY_USE.exactOptional(),
  upstream: MEMORY_USE.exactOptional(),
} satisfies Record<MemoryScope, unknown>);

/** What is known about the machine that the exporter runs on. */
export const HARDWARE_FACTS = z.strictObject({
  platform: z.string() as z.ZodType<NodeJS.Platform>,
  arch: z.string(),
  brand: fact(z.string()).describe("Brand of the processor, such as `Apple M4 Pro`."),
  appleChip: APPLE_CHIP.exactOptional().describe("Present on Apple Silicon only."),
  usableCores: fact(number).describe("A container's limit need not be a whole number."),
  performanceCores: fact(number).describe("Without hyperthreads; all where there is one kind."),
  efficiencyCores: fact(number).describe("0 where the processor has one kind."),
  memoryBytes: fact(bytes).describe("The container's limit where there is one."),
  hostCores: number.exactOptional().describe("Present only where a container may use fewer."),
  hostMemoryBytes: bytes.exactOptional().describe("Present only where a container may use less."),
  availableMemoryBytes: fact(bytes).describe("Free for programs at the start."),
  memory: MEMORY_BY_SCOPE.pick({ system: true, container: true }).describe("At the start."),
  container: z.enum(["none", "cgroup1", "cgroup2"]).describe("Where the limits come from."),
  gpu: fact(GPU.optional()).describe("What llama.cpp can use; without a value if there is none."),
  translated: z.boolean().describe("Whether an x86-64 Node runs on Apple Silicon by Rosetta."),
  inContainer: z.boolean(),
});

/** See {@link HARDWARE_FACTS}. */
export type HardwareFacts = Omit<TypeOf<typeof HARDWARE_FACTS>, "gpu"> & {
  /** `value: undefined` when there is none; JSON leaves that out. */
  readonly gpu: Fact<Gpu | undefined>;
};

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
