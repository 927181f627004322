import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** A glance: processor, memory, fullest disk. */
export const quickStatus: Scenario = {
  name: "quick-status",
  targetSeconds: STATUS_TARGET_SECONDS["quick-status"],
  parts: ["cpu", "memory", "disks"],
  kinds: ["cpu", "container-memory", "memory", "disk"],
  question: { en: "How is this machine?", ja: "このマシンの状態はどうですか?" },
};
