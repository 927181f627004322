import { Counter, Gauge, type Registry } from "./prometheus.ts";

/** What a model is for. */
export type ModelTask = "sentiment" | "status";

/**
 * Whether each model answers now: true, or false while it is being loaded and after it failed.
 * Undefined where none is wanted, or none is here yet.
 */
export type ModelReadiness = Readonly<Record<ModelTask, () => boolean | undefined>>;

/** `headroom_model_ready`, read at each scrape; a model that is not wanted or not here has no value. */
export function modelReadyMetrics(registry: Registry, ready: ModelReadiness): void {
  new Gauge({
    name: "headroom_model_ready",
    help: "1 when the model of a task answers, 0 while it is being loaded and after it failed.",
    labelNames: ["task"],
    registers: [registry],
    collect() {
      this.reset();
      for (const task of ["sentiment", "status"] as const) {
        const answers = ready[task]();
        if (answers !== undefined) this.set({ task }, answers ? 1 : 0);
      }
    },
  });
}

/** `headroom_model_restarts_total`. */
export function modelRestarts(registry: Registry): (task: ModelTask) => void {
  const total = new Counter({
    name: "headroom_model_restarts_total",
    help: "Times that a process with a model ended, or could not start, and was started again.",
    labelNames: ["task"],
    registers: [registry],
  });
  for (const task of ["sentiment", "status"]) total.inc({ task }, 0);
  return (task) => total.inc({ task });
}
