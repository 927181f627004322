import { fitLayers, outputBytes } from "../engine/llama/capi/placement.ts";
import { MAPPED_FROM_BYTES } from "../engine/llama/model-files.ts";
import { GB, gigabytes, type Gpu, type HardwareFacts, valueOf } from "./facts.ts";
import { type MemoryChoice, planMemory } from "./plan-memory.ts";
import type { ModelShape, Plan, Planned, PlanOverrides } from "./plan.ts";

/** A row that holds from a memory size on. */
interface Row {
  /** Memory that the process may use, in bytes. */
  readonly from: number;
}

/** What one more step of memory buys. */
interface SizeRow extends Row {
  /** Tokens of one sequence. */
  readonly contextSize: number;
  /** Tokens evaluated in one step. */
  readonly batchSize: number;
  /** Requests side by side, with a graphics processor. */
  readonly sequences: number;
}

/** Layers on the graphics processor. */
interface GpuRow extends Row {
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
const THREADS_PER_SEQUENCE = 4;

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

/** The values of a plan that do not follow from the others. */
export type Choice = Omit<Plan, "memoryBytes" | "ropeScale">;

/** The values of the tables, capped by the model, with the overrides in their places. */
export function tablePlan(
  facts: HardwareFacts,
  model: ModelShape,
  overrides: PlanOverrides,
): Choice {
  const memory = valueOf(facts.memoryBytes);
  const row = rowFor(SIZE_ROWS, memory);
  const why = rowReason(facts, row.from);
  const gpuLayers =
    override(overrides.gpuLayers) ??
    tableGpuLayers(facts, model, {
      contextSize: overrides.contextSize ?? capped(table(row.contextSize, why), model).value,
      batchSize: overrides.batchSize ?? row.batchSize,
      sequences: overrides.sequences ?? row.sequences,
    });
  const threads = override(overrides.threads) ?? tableThreads(facts);
  // In memory a file that is changed cannot change answers.
  const mapped = model.fileBytes >= MAPPED_FROM_BYTES;
  return {
    gpuLayers,
    threads,
    contextSize: override(overrides.contextSize) ?? capped(table(row.contextSize, why), model),
    batchSize: override(overrides.batchSize) ?? table(row.batchSize, why),
    sequences:
      override(overrides.sequences) ??
      tableSequences(row.sequences, why, gpuLayers.value !== 0, threads.value),
    mmap:
      override(overrides.mmap) ??
      (mapped
        ? table(true, "mapped pages are read when they are needed and shared by processes")
        : {
            value: false,
            source: "model",
            why: "the model is small, and in memory nothing that is written into its file reaches it",
          }),
    mlock:
      override(overrides.mlock) ??
      table(false, "locked pages would be lost to everything else on the machine"),
  };
}

function tableGpuLayers(
  facts: HardwareFacts,
  model: ModelShape,
  sizes: Omit<MemoryChoice, "gpuLayers">,
): Planned<number> {
  if (!facts.gpu.known) return table(0, `the graphics processor is not known: ${facts.gpu.reason}`);
  if (facts.gpu.value === undefined) return table(0, "no graphics processor can be used");
  const { binary, name, backend } = facts.gpu.value;
  if (binary === "missing") return table(0, `the ${backend} binary for ${name} is not installed`);
  if (backend !== "metal") return fittingGpuLayers(facts.gpu.value, model, sizes);
  const row = rowFor(GPU_ROWS, valueOf(facts.memoryBytes));
  // The output layer comes after the model's own.
  if (model.layers !== undefined && row.gpuLayers > model.layers) {
    return { value: -1, source: "model", why: `the model has only ${model.layers} layers` };
  }
  return table(row.gpuLayers, rowReason(facts, row.from));
}

/** Layers by the memory of a card; where that is not known, the engine finds out how many fit. */
function fittingGpuLayers(
  { name, memory }: Gpu,
  model: ModelShape,
  sizes: Omit<MemoryChoice, "gpuLayers">,
): Planned<number> {
  if (!memory) return table(-1, `as many as the engine finds room for on ${name}`);
  const { kvCache, computeBuffers } = planMemory(model, { ...sizes, gpuLayers: -1 });
  const { fileBytes: bytes, layers = 0, bitsPerWeight = 16 } = model;
  const { vocabularySize: vocabulary = 0, embeddingSize: width = 0 } = model;
  const output = outputBytes({ bytes, parameters: (8 * bytes) / bitsPerWeight, vocabulary, width });
  const size = {
    ...{ bytes, layers, contextBytes: kvCache, scratchBytes: computeBuffers / 2 },
    // Of unknown layers all are on the card, or none.
    outputBytes: model.layers === undefined ? bytes + kvCache : output,
  };
  const fit = fitLayers(size, memory.freeBytes);
  const free = `${gigabytes(memory.freeBytes)} are free on ${name}`;
  if (fit.layers > layers) return table(-1, `all fit: ${free}`);
  return {
    value: fit.layers,
    source: "memory",
    why: `${fit.layers} of ${layers + 1} layers fit: ${free}`,
  };
}

function tableThreads({ performanceCores, usableCores }: HardwareFacts): Planned<number> {
  const usable = valueOf(usableCores);
  const fast = valueOf(performanceCores) ?? usable;
  if (fast === undefined) return table(1, "the number of cores is not known");
  const cores = Math.max(1, Math.min(fast, Math.floor(usable ?? fast)));
  const kind = cores < fast ? "usable" : "performance";
  const left = cores === 1 ? "the only one" : "a quarter, rounded up, is left to the system";
  return table(threadsFor(cores), `${threadsFor(cores)} of ${cores} ${kind} cores: ${left}`);
}

function tableSequences(
  most: number,
  why: string,
  onGpu: boolean,
  threads: number,
): Planned<number> {
  if (onGpu) return table(most, why);
  const value = Math.min(most, Math.max(1, Math.floor(threads / THREADS_PER_SEQUENCE)));
  return table(
    value,
    `without a graphics processor one for ${THREADS_PER_SEQUENCE} threads, at most ${most}`,
  );
}

function capped(context: Planned<number>, { trainContextSize }: ModelShape): Planned<number> {
  if (trainContextSize === undefined || context.value <= trainContextSize) return context;
  const why = `the model was trained on at most ${trainContextSize} tokens`;
  return { value: trainContextSize, source: "model", why };
}

function rowReason({ memoryBytes }: HardwareFacts, from: number): string {
  if (!memoryBytes.known) return `the lowest row: the memory is not known: ${memoryBytes.reason}`;
  const row = from === 0 ? "the lowest row" : `the row from ${from / GB} GB`;
  return `${row}: ${gigabytes(memoryBytes.value)} of memory`;
}

function table<T>(value: T, why: string): Planned<T> {
  return { value, source: "table", why };
}

/** An override as a planned value; undefined when there is none. */
export function override<T>(value: T | undefined): Planned<T> | undefined {
  return value === undefined
    ? undefined
    : { value, source: "override", why: "set by configuration" };
}
