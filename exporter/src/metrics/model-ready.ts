import { Gauge, type Registry } from "./prometheus.ts";

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
