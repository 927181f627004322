import { setTimeout as sleep } from "node:timers/promises";
import { OPERATION_LIMITS } from "@headroom/alerts/limits";
import type { Fault } from "../fault.ts";
import { DRILL_INTERVAL_SECONDS } from "../pace.ts";

/** Each life is scraped at least once, or nobody could tell that there was one. */
const LIFE_MS = 3 * 1000 * DRILL_INTERVAL_SECONDS;

/** The exporter is killed without a word and started again, as when memory runs out, again and again. */
export const exporterKilled: Fault = {
  what: `the exporter is killed ${OPERATION_LIMITS.restarts.upper} times`,
  async inject(stack) {
    for (let kill = 0; kill < OPERATION_LIMITS.restarts.upper; kill++) {
      await stack.killExporter();
      await stack.restartExporter();
      await sleep(LIFE_MS);
    }
    // It stays up from now on.
    return async () => {};
  },
};
