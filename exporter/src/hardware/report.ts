import { z } from "zod";
import type { TypeOf } from "../type-of.ts";
import { ADVICE } from "./advice.ts";
import { HARDWARE_FACTS, type HardwareFacts, MEMORY_BY_SCOPE } from "./facts.ts";
import { MEMORY_SOURCES } from "./memory/process-memory.ts";
import { PLAN } from "./plan.ts";

const PLACEMENT = z.strictObject({
  on: z.enum(["processor", "device"]),
  layers: z.int().describe("`llama_model_params.n_gpu_layers`; 0 on the processor."),
  why: z.string().describe("One sentence."),
});

/** Where a model is evaluated. */
export type Placement = TypeOf<typeof PLACEMENT>;

// The exporter answers in every phase; without a model from the findings alone.
const CHAT_STATE = z.strictObject({
  phase: z.enum(["fetching", "loading", "ready", "missing", "failed"]),
  text: z.string().describe("Id of the model, or what is missing and what to do next."),
});

/** Where the chat model stands. */
export type ChatState = TypeOf<typeof CHAT_STATE>;

const SENTIMENT_STATE = z.strictObject({
  model: z.string(),
  engine: z
    .string()
    .describe("What evaluates it: llama.cpp by its C API, or node-llama-cpp and why."),
  placement: PLACEMENT.describe(
    "On which processor, and why; absent when simulated.",
  ).exactOptional(),
});

/** What `GET /v1/hardware` answers. */
export const HARDWARE_REPORT = z.strictObject({
  facts: HARDWARE_FACTS,
  plan: PLAN.describe("How the chat model is run; absent where none is wanted.").exactOptional(),
  advice: z.array(ADVICE),
  memory: z
    .strictObject({
      scopes: MEMORY_BY_SCOPE,
      source: z.enum(MEMORY_SOURCES).describe("How the memory of the processes is read."),
    })
    .describe("Memory of now; absent while it is not known.")
    .exactOptional(),
  chatModel: CHAT_STATE,
  // Absent in what is told of the chat model alone.
  sentiment: SENTIMENT_STATE.exactOptional(),
  simulated: z
    .boolean()
    .describe("Whether a simulated engine answers, to which the plan does not apply."),
});

/** See {@link HARDWARE_REPORT}. */
export type HardwareReport = Omit<TypeOf<typeof HARDWARE_REPORT>, "facts"> & {
  readonly facts: HardwareFacts;
};
