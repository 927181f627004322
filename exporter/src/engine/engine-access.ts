import type { ModelInfo } from "./scorer.ts";

/** Values of the label that says how an engine is called. */
export const ACCESS_LABELS = ["c_api", "node_llama_cpp", "none"] as const;

type Called = Pick<ModelInfo, "engine" | "access">;

/** How a model's engine is called, as a label; llama.cpp without more to say is node-llama-cpp's. */
export function accessLabel({ engine, access }: Called): (typeof ACCESS_LABELS)[number] {
  if (engine === "simulated") return "none";
  return access?.by === "C API" ? "c_api" : "node_llama_cpp";
}

/** The same for people, with the reason. */
export function describeAccess({ engine, access }: Called): string {
  if (engine === "simulated") return "simulated";
  if (access?.by === "C API") {
    const { output, because } = access;
    const how = output === "labels" ? ", for the labels alone" : "";
    return `llama.cpp by its C API${how}${because ? `, for all tokens because ${because}` : ""}`;
  }
  return access ? `node-llama-cpp, because ${access.because}` : "node-llama-cpp";
}

/**
 * Of the copies of a model, at least one, that which is told of: one that could not be called directly,
 * if any.
 */
export function leastDirect<T extends Called>(models: readonly T[]): T {
  return models.find((model) => accessLabel(model) === "node_llama_cpp") ?? models[0]!;
}
