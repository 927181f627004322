import { valueOf } from "./fact.ts";
import type { HardwareFacts } from "./facts.ts";
import { gigabytes } from "./gigabytes.ts";
import type { ModelShape } from "./model-shape.ts";
import type { Plan, Planned, PlanOverrides } from "./plan.ts";
import { planMemory } from "./plan-memory.ts";
import { REDUCTIONS } from "./plan-tables.ts";
import { override, tablePlan, type Choice } from "./table-plan.ts";

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
