import { z } from "zod";
import { type Limit, LIMITS } from "@headroom/alerts/limits";
import type { TypeOf } from "../type-of.ts";
import { FOR_A_MODEL_RULES, MACHINE_RULES } from "./advice-on-machine.ts";
import { CONTEXT_RULES, MEMORY_RULES } from "./advice-on-model.ts";
import type { HardwareFacts } from "./facts.ts";
import type { ModelShape, Plan } from "./plan.ts";

const MODEL_RULES = [...FOR_A_MODEL_RULES, ...MEMORY_RULES, ...CONTEXT_RULES];

/** A chat model and how it is run here. */
interface PlannedModel {
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

/** Something that a user could do. */
export const ADVICE = z.strictObject({
  code: z.enum([
    "rosetta_translation",
    "metal_unavailable_in_container",
    "gpu_without_support",
    "few_cores",
    "container_memory_limit",
    "container_cpu_limit",
    "unknown_facts",
    "override_does_not_fit",
    "model_does_not_fit",
    "close_to_memory_limit",
    "smaller_quantisation",
    "smaller_context",
    "plan_reduced",
    "larger_quantisation",
    "larger_model",
    "context_beyond_training",
    "context_stretched",
    "no_chat_model",
    "language_not_spoken",
  ]),
  severity: z
    .enum(["info", "warning"])
    .describe("A warning is about something that makes answers slow or fail."),
  what: z.string().describe("What to do."),
  why: z.string().describe("What was seen."),
  effect: z.string().describe("What to expect from it."),
});

/** See {@link ADVICE}. */
export type Advice = TypeOf<typeof ADVICE>;

/** What a rule looks at. */
export interface Situation {
  /** Detected before the model was loaded. */
  readonly facts: HardwareFacts;
  readonly plan: Plan;
  readonly model: ModelShape;
  readonly limits: readonly Limit[];
}

/** Gives its advice on a chat model where it applies. */
export type Rule = (situation: Situation) => Advice | undefined;

/** Gives its advice on the machine, whatever runs on it. */
export type MachineRule = (situation: Pick<Situation, "facts">) => Advice | undefined;
