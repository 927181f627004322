import { valueOf } from "./fact.ts";
import type { HardwareFacts } from "./facts.ts";
import { GB, gigabytes } from "./gigabytes.ts";
import type { ModelShape } from "./model-shape.ts";
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
  const gpuLayers = override(overrides.gpuLayers) ?? tableGpuLayers(facts, model);
  const threads = override(overrides.threads) ?? tableThreads(facts);
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
      table(true, "mapped pages are read when they are needed and shared by processes"),
    mlock:
      override(overrides.mlock) ??
      table(false, "locked pages would be lost to everything else on the machine"),
  };
}

function tableGpuLayers(facts: HardwareFacts, model: ModelShape): Planned<number> {
  if (!facts.gpu.known) return table(0, `the graphics processor is not known: ${facts.gpu.reason}`);
  if (facts.gpu.value === undefined) return table(0, "no graphics processor can be used");
  const { binary, name, backend } = facts.gpu.value;
  if (binary === "missing") return table(0, `the ${backend} binary for ${name} is not installed`);
  const row = rowFor(GPU_ROWS, valueOf(facts.memoryBytes));
  // The output layer comes after the model's own.
  if (model.layers !== undefined && row.gpuLayers > model.layers) {
    return { value: -1, source: "model", why: `the model has only ${model.layers} layers` };
  }
  return table(row.gpuLayers, rowReason(facts, row.from));
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
