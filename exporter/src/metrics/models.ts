import { accessLabel, type ModelInfo } from "../engine/scorer.ts";
import { counter, readGauge, type Registry } from "./prometheus.ts";

/** What models are for. */
const TASKS = ["sentiment", "status"] as const;

/** What a model is for. */
export type ModelTask = (typeof TASKS)[number];

/** What is shown of a model. */
export type ShownModel = Pick<ModelInfo, "id" | "engine" | "access" | "architecture">;

/** `headroom_model_info`: the models that answer now, by their task. */
export function modelMetrics(
  registry: Registry,
  models: Readonly<Record<ModelTask, () => ShownModel | undefined>>,
): void {
  readGauge(
    registry,
    {
      name: "headroom_model_info",
      help: "The models that answer, by task; access is how the engine is called.",
      labels: ["task", "model", "engine", "architecture", "access"],
    },
    () =>
      TASKS.flatMap((task) => {
        const model = models[task]();
        if (!model) return [];
        const { id, engine, architecture } = model;
        return [[{ task, model: id, engine, architecture, access: accessLabel(model) }, 1]];
      }),
  );
}

/**
 * Whether each model answers now: true, or false while it is being loaded and after it failed.
 * Undefined where none is wanted, or none is here yet.
 */
export type ModelReadiness = Readonly<Record<ModelTask, () => boolean | undefined>>;

/** `headroom_model_ready`, read at each scrape; a model that is not wanted or not here has no value. */
export function modelReadyMetrics(registry: Registry, ready: ModelReadiness): void {
  readGauge(
    registry,
    {
      name: "headroom_model_ready",
      help: "1 when the model of a task answers, 0 while it is being loaded and after it failed.",
      labels: ["task"],
    },
    () =>
      TASKS.flatMap((task) => {
        const answers = ready[task]();
        return answers === undefined ? [] : [[{ task }, answers ? 1 : 0]];
      }),
  );
}

/** `headroom_model_restarts_total`. */
export function modelRestarts(registry: Registry): (task: ModelTask) => void {
  const total = counter(registry, {
    name: "headroom_model_restarts_total",
    help: "Times that a process with a model ended, or could not start, and was started again.",
    labels: { task: TASKS },
  });
  return (task) => total.inc({ task });
}
