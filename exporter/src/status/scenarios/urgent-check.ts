import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** Only what cannot wait. */
export const urgentCheck: Scenario = {
  name: "urgent-check",
  targetSeconds: STATUS_TARGET_SECONDS["urgent-check"],
  parts: ["cpu", "memory", "disks", "battery"],
  kinds: [
    "cpu",
    "container-memory",
    "memory",
    "disk",
    "load",
    "memory-pressure",
    "swap",
    "battery",
  ],
  onlyTrouble: true,
  question: { en: "Is anything urgent?", ja: "緊急の問題はありますか?" },
};
