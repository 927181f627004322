import { setTimeout as sleep } from "node:timers/promises";
import { OPERATION_LIMITS } from "@headroom/alerts/limits";
import type { Fault } from "../fault.ts";

/** Longer than it takes to be started again, the pause before the third start included. */
const LIFE_MS = 3_000;

/** The sentiment model's process is killed, as when memory runs out, again and again. */
export const modelKilled: Fault = {
  what: `the model's process is killed ${OPERATION_LIMITS.modelRestarts.upper} times`,
  setup: {
    variables: { HEADROOM_SIMULATE: "false", HEADROOM_CHAT_MODEL: "none", HEADROOM_WORKERS: "1" },
  },
  async inject(stack) {
    for (let kill = 0; kill < OPERATION_LIMITS.modelRestarts.upper; kill++) {
      await stack.killScorer();
      await sleep(LIFE_MS);
    }
    // It stays up from now on.
    return async () => {};
  },
};
