import type { Advice } from "./advice/advice.ts";
import { CONTEXT_RULES } from "./advice/context-rules.ts";
import { MACHINE_RULES } from "./advice/machine-rules.ts";
import { MEMORY_RULES } from "./advice/memory-rules.ts";
import type { HardwareFacts } from "./facts.ts";
import type { ModelShape } from "./model-shape.ts";
import type { Plan } from "./plan.ts";

export type { Advice, AdviceCode } from "./advice/advice.ts";

const RULES = [...MACHINE_RULES, ...MEMORY_RULES, ...CONTEXT_RULES];

/**
 * What a user should know or could do about this machine, this plan and this model; warnings first.
 *
 * @param facts - detected before the model was loaded
 */
export function adviseOn(facts: HardwareFacts, plan: Plan, model: ModelShape): Advice[] {
  const given = RULES.map((rule) => rule({ facts, plan, model })).filter((a) => a !== undefined);
  return given.sort((a, b) => rank(a) - rank(b));
}

function rank({ severity }: Advice): number {
  return severity === "warning" ? 0 : 1;
}
