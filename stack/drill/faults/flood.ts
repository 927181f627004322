import { GOALS } from "@headroom/alerts/limits";
import type { Fault } from "../fault.ts";

/** A load far beyond what the exporter can do: one full batch at a time, in a tenth of a second. */
export const flood: Fault = {
  what: "four times the load that it can bear",
  setup: {
    variables: {
      HEADROOM_QUEUE_MESSAGES: String(GOALS.batchSize),
      HEADROOM_SIMULATE_LATENCY_MS: "100",
    },
  },
  async inject(stack) {
    stack.startLoad("flood");
    return () => stack.stopLoad("flood");
  },
};
