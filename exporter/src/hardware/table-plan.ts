import { valueOf } from "./fact.ts";
import { fitLayers, outputBytes } from "../engine/llama/capi/placement.ts";
import { MAPPED_FROM_BYTES } from "../engine/llama/model-files.ts";
import type { Gpu, HardwareFacts } from "./facts.ts";
import { GB, gigabytes } from "./gigabytes.ts";
import type { ModelShape } from "./model-shape.ts";
import { planMemory, type MemoryChoice } from "./plan-memory.ts";
import type { Plan, Planned, PlanOverrides } from "./plan.ts";
import { GPU_ROWS, rowFor, SIZE_ROWS, THREADS_PER_SEQUENCE, threadsFor } from "./plan-tables.ts";

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
