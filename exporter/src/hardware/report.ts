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
  engine: z.string().describe("llama.cpp by its C API, or node-llama-cpp and why."),
  placement: PLACEMENT.exactOptional().describe("Absent when simulated."),
});

/** What `GET /v1/hardware` answers. */
export const HARDWARE_REPORT = z
  .strictObject({
    facts: HARDWARE_FACTS,
    plan: PLAN.exactOptional().describe("Absent where no chat model is wanted."),
    advice: z.array(ADVICE),
    memory: z
      .strictObject({ scopes: MEMORY_BY_SCOPE, source: z.enum(MEMORY_SOURCES) })
      .exactOptional()
      .describe("Of now; absent while it is not known."),
    chatModel: CHAT_STATE,
    upstream: z
      .string()
      .exactOptional()
      .describe("Origin of the model server behind the exporter; absent without one."),
    // Absent in what is told of the chat model alone.
    sentiment: SENTIMENT_STATE.exactOptional(),
    simulated: z.boolean().describe("Then the plan does not apply."),
  })
  .meta({ id: "HardwareReport" });

/** See {@link HARDWARE_REPORT}. */
export type HardwareReport = Omit<TypeOf<typeof HARDWARE_REPORT>, "facts"> & {
  readonly facts: HardwareFacts;
};
