import { withHalfTheTime } from "../limits.ts";
import type { Fault } from "../fault.ts";
import { exporterWith } from "./exporter-settings.ts";

/**
 * The chat model hangs. Its answers are replaced just in time, so that a target cannot be missed by
 * this; the rules of this drill allow half of it.
 */
export const modelHangs: Fault = {
  ...exporterWith("the chat model hangs, half the target is allowed", {
    HEADROOM_SIMULATE_FAULT: "hang",
  }),
  setup: { limits: withHalfTheTime },
};
