import type { Fault } from "../fault.ts";

/** The process that keeps incidents is stopped, and started again at the end. */
export const incidentsStopped: Fault = {
  what: "the incidents process is stopped",
  async inject(stack) {
    await stack.stopIncidents();
    return () => stack.startIncidents();
  },
};
