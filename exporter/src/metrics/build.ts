import { Gauge, type Registry } from "./prometheus.ts";
import { accessLabel, type ModelInfo } from "../engine/scorer.ts";

/** `headroom_build_info`: the program that runs, as labels of a constant 1. */
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
}

/** What is shown of a model. */
export type ShownModel = Pick<ModelInfo, "id" | "engine" | "access" | "architecture">;

/** `headroom_model_info`: the models that answer now, by their task. */
export function modelMetrics(
  registry: Registry,
  models: Readonly<Record<"sentiment" | "status", () => ShownModel | undefined>>,
): void {
  new Gauge({
    name: "headroom_model_info",
    help: "The models that answer, by task; access is how the engine is called.",
    labelNames: ["task", "model", "engine", "architecture", "access"],
    registers: [registry],
    collect() {
      this.reset();
      for (const task of ["sentiment", "status"] as const) {
        const model = models[task]();
        if (!model) continue;
        const { id, engine, architecture } = model;
        this.set({ task, model: id, engine, architecture, access: accessLabel(model) }, 1);
      }
    },
  });
}
