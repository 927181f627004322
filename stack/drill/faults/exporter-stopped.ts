import type { Fault } from "../fault.ts";

/** The exporter is stopped, and started again at the end. */
export const exporterStopped: Fault = {
  what: "the exporter is stopped",
  async inject(stack) {
    await stack.stopExporter();
    return () => stack.restartExporter();
  },
};
