import type { Limit } from "@headroom/alerts/limits";
import type { HardwareFacts } from "../facts.ts";
import type { ModelShape } from "../model-shape.ts";
import type { Plan } from "../plan.ts";

/** Something that a user could do. */
export interface Advice {
  /** Stable name in snake_case. */
  readonly code: AdviceCode;
  /** A warning is about something that makes answers slow or fail; info could make them better. */
  readonly severity: "info" | "warning";
  /** What to do. */
  readonly what: string;
  /** What was seen. */
  readonly why: string;
  /** What to expect from it. */
  readonly effect: string;
}

/** All advice that there is. */
export type AdviceCode =
  | "rosetta_translation"
  | "metal_unavailable_in_container"
  | "gpu_without_support"
  | "few_cores"
  | "container_memory_limit"
  | "container_cpu_limit"
  | "unknown_facts"
  | "override_does_not_fit"
  | "model_does_not_fit"
  | "close_to_memory_limit"
  | "smaller_quantisation"
  | "smaller_context"
  | "plan_reduced"
  | "larger_quantisation"
  | "larger_model"
  | "context_beyond_training"
  | "context_stretched"
  | "no_chat_model"
  | "language_not_spoken";

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
