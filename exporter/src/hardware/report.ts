import type { Placement } from "../engine/llama/capi/placement.ts";
import type { Advice } from "./advice.ts";
import type { HardwareFacts } from "./facts.ts";
import type { MemoryByScope } from "./memory/memory-reader.ts";
import type { ProcessMemory } from "./memory/process-memory.ts";
import type { Plan } from "./plan.ts";

/**
 * Where the chat model stands: being fetched or loaded, ready, absent, or broken. The exporter
 * answers in every phase; without a model from the findings alone.
 */
export type ChatPhase = "fetching" | "loading" | "ready" | "missing" | "failed";

/** The chat model as others see it. */
export interface ChatState {
  readonly phase: ChatPhase;
  /** Id of the model, or what is missing and what to do next. */
  readonly text: string;
}

/** The sentiment model as others see it. */
export interface SentimentState {
  readonly model: string;
  /** What evaluates it: llama.cpp by its C API, or node-llama-cpp and why. */
  readonly engine: string;
  /** On which processor, and why; absent when simulated. */
  readonly placement?: Placement;
}

/** What `GET /v1/hardware` says. */
export interface HardwareReport {
  readonly facts: HardwareFacts;
  /** Absent where no chat model is wanted. */
  readonly plan?: Plan;
  readonly advice: readonly Advice[];
  /** Memory of now, and how that of the processes is read; absent while it is not known. */
  readonly memory?: { readonly scopes: MemoryByScope; readonly source: ProcessMemory["source"] };
  readonly chatModel: ChatState;
  /** Absent in what is told of the chat model alone. */
  readonly sentiment?: SentimentState;
  /** Whether a simulated engine answers, to which the plan does not apply. */
  readonly simulated: boolean;
}
