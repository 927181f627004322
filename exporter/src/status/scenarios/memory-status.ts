import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** Memory, swap, and who uses it. */
export const memoryStatus: Scenario = {
  name: "memory-status",
  targetSeconds: STATUS_TARGET_SECONDS["memory-status"],
  parts: ["memory", "processes"],
  kinds: ["container-memory", "memory", "memory-pressure", "swap", "process-memory"],
  question: { en: "How is the memory?", ja: "メモリの状態はどうですか?" },
};
