import { z } from "zod";
import type { TypeOf } from "../type-of.ts";
import { gigabytes, type HardwareFacts, valueOf } from "./facts.ts";
import { planMemory } from "./plan-memory.ts";
import { type Choice, override, REDUCTIONS, tablePlan } from "./plan-tables.ts";

const planned = <S extends z.ZodType>(value: S) =>
  z.strictObject({
    value,
    source: z
      .enum(["table", "override", "model", "memory"])
      .describe("Where the value comes from."),
    why: z.string().describe("One sentence: which row of the table, or what capped it."),
  });

/** A value of the plan with its origin. */
export type Planned<T> = Omit<Plan["threads"], "value"> & { readonly value: T };

/** The parameters with which a chat model is run. */
export const PLAN = z.strictObject({
  gpuLayers: planned(z.int()).describe("Layers on the graphics processor; -1 is all of them."),
  threads: planned(z.number()),
  contextSize: planned(z.number()).describe("Tokens of one sequence."),
  batchSize: planned(z.number()).describe("Tokens evaluated in one step."),
  sequences: planned(z.number()).describe("Requests that are generated side by side."),
  mmap: planned(z.boolean()),
  mlock: planned(z.boolean()),
  ropeScale: planned(z.number()).describe("Linear rope scaling; 1 leaves the model's own."),
  memoryBytes: z.number().describe("Estimated memory of weights, contexts and buffers."),
});

/** See {@link PLAN}. */
export type Plan = TypeOf<typeof PLAN>;

/**
 * Values that configuration sets instead of the plan. They are taken as they are; the configuration
 * has validated them.
 */
export type PlanOverrides = {
  readonly [Name in keyof Omit<Plan, "memoryBytes">]?: Plan[Name]["value"] | undefined;
};

/** What the plan must know about a model; all but its size may be unknown. */
export interface ModelShape {
  /** Size of the GGUF file in bytes. */
  readonly fileBytes: number;
  /** Blocks of the transformer. */
  readonly layers?: number | undefined;
  /** Tokens of the longest text that it was trained on. */
  readonly trainContextSize?: number | undefined;
  readonly embeddingSize?: number | undefined;
  /** Attention heads that have keys and values of their own. */
  readonly kvHeads?: number | undefined;
  /** Numbers in a key or value of one head. */
  readonly headSize?: number | undefined;
  /** Tokens that it knows. */
  readonly vocabularySize?: number | undefined;
  /** Average bits of a weight; 4.5 to 5 for the four-bit quantisations. */
  readonly bitsPerWeight?: number | undefined;
}

/**
 * Decides with which parameters a chat model is run on a machine: the rows of `plan-tables.ts`,
 * capped by what the model can, reduced until the estimated memory is free. Overrides replace a
 * value and are never reduced, so a plan with overrides may not fit; `adviseOn` says so then.
 */
export function makePlan(
  facts: HardwareFacts,
  model: ModelShape,
  overrides: PlanOverrides = {},
): Plan {
  const onOwnMemory = hasOwnMemory(facts);
  const fitting = reduce(
    tablePlan(facts, model, overrides),
    (plan) => memoryOf(plan, model, onOwnMemory),
    valueOf(facts.availableMemoryBytes),
  );
  return {
    ...fitting,
    ropeScale: override(overrides.ropeScale) ?? ropeScale(fitting.contextSize.value, model),
    memoryBytes: memoryOf(fitting, model, onOwnMemory),
  };
}

function reduce(plan: Choice, memory: (plan: Choice) => number, free: number | undefined): Choice {
  const needed = memory(plan);
  if (free === undefined) return plan;
  const why = `${gigabytes(needed)} would be needed and ${gigabytes(free)} is free`;
  let reduced = plan;
  for (const ceilings of REDUCTIONS) {
    if (memory(reduced) <= free) break;
    const next = {
      ...reduced,
      sequences: lower(reduced.sequences, ceilings.sequences, why),
      contextSize: lower(reduced.contextSize, ceilings.contextSize, why),
      batchSize: lower(reduced.batchSize, ceilings.batchSize, why),
      gpuLayers:
        ceilings.gpuLayers === undefined ? reduced.gpuLayers : offGpu(reduced.gpuLayers, why),
    };
    // What leaves a card's own memory comes into the machine's.
    if (memory(next) <= memory(reduced)) reduced = next;
  }
  return reduced;
}

function lower(planned: Planned<number>, to: number | undefined, why: string): Planned<number> {
  if (to === undefined || planned.source === "override" || planned.value <= to) return planned;
  return { value: to, source: "memory", why: `lowered because ${why}` };
}

/** Layers are not lowered with {@link lower}, because all of them are -1. */
function offGpu(planned: Planned<number>, why: string): Planned<number> {
  if (planned.source === "override" || planned.value === 0) return planned;
  return { value: 0, source: "memory", why: `no graphics processor because ${why}` };
}

/**
 * Linear scaling stretches the positions that the model was trained on over a longer context: the
 * factor is context / training context (`rope.scaling.factor` in GGUF, with the type `linear`).
 */
function ropeScale(contextSize: number, { trainContextSize }: ModelShape): Planned<number> {
  if (trainContextSize === undefined || contextSize <= trainContextSize) {
    return { value: 1, source: "table", why: "the context is within the model's own" };
  }
  return {
    value: contextSize / trainContextSize,
    source: "model",
    why: `linear: ${contextSize} tokens on a model trained on ${trainContextSize}`,
  };
}

/** Whether layers on the graphics processor lie in memory of its own. */
export function hasOwnMemory(facts: Pick<HardwareFacts, "gpu">): boolean {
  return valueOf(facts.gpu)?.memory !== undefined;
}

function memoryOf(plan: Choice, model: ModelShape, onOwnMemory: boolean): number {
  return planMemory(model, {
    contextSize: plan.contextSize.value,
    batchSize: plan.batchSize.value,
    sequences: plan.sequences.value,
    gpuLayers: plan.gpuLayers.value,
    onOwnMemory,
  }).total;
}
