import { Gauge, type Registry } from "./prometheus.ts";
import type { ModelInfo } from "../engine/scorer.ts";

/** `headroom_build_info` and `headroom_model_info`: what runs here, as labels of a constant 1. */
export function buildMetrics(registry: Registry, version: string, model: ModelInfo): void {
  new Gauge({
    name: "headroom_build_info",
    help: "The program that runs; simulated means that no model answers.",
    labelNames: ["version", "node", "engine", "simulated"],
    registers: [registry],
  }).set(
    {
      version,
      node: process.versions.node,
      engine: model.engine,
      simulated: String(model.engine === "simulated"),
    },
    1,
  );
  new Gauge({
    name: "headroom_model_info",
    help: "The model that answers.",
    labelNames: ["model", "engine", "architecture"],
    registers: [registry],
  }).set({ model: model.id, engine: model.engine, architecture: model.architecture }, 1);
}
