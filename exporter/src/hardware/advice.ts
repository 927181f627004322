import type { Advice } from "./advice/advice.ts";
import { CONTEXT_RULES } from "./advice/context-rules.ts";
import { LIMITS, type Limit } from "@headroom/alerts/limits";
import { FOR_A_MODEL_RULES, MACHINE_RULES } from "./advice/machine-rules.ts";
import { MEMORY_RULES } from "./advice/memory-rules.ts";
import type { HardwareFacts } from "./facts.ts";
import type { ModelShape } from "./model-shape.ts";
import type { Plan } from "./plan.ts";

export type { Advice, AdviceCode } from "./advice/advice.ts";

const MODEL_RULES = [...FOR_A_MODEL_RULES, ...MEMORY_RULES, ...CONTEXT_RULES];

/** A chat model and how it is run here. */
export interface PlannedModel {
  readonly plan: Plan;
  readonly model: ModelShape;
}

/**
 * What a user should know or could do about this machine and the chat model on it; warnings first.
 *
 * @param facts - detected before the model was loaded
 * @param planned - undefined where no model is wanted: then nothing is said about one
 * @param limits - by which memory is judged
 */
export function adviseOn(
  facts: HardwareFacts,
  planned: PlannedModel | undefined,
  limits: readonly Limit[] = LIMITS,
): Advice[] {
  const given = [
    ...MACHINE_RULES.map((rule) => rule({ facts })),
    ...(planned ? MODEL_RULES.map((rule) => rule({ facts, ...planned, limits })) : []),
  ].filter((a) => a !== undefined);
  return given.sort((a, b) => rank(a) - rank(b));
}

function rank({ severity }: Advice): number {
  return severity === "warning" ? 0 : 1;
}
