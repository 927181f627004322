import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** Every disk that holds data. */
export const diskAnalysis: Scenario = {
  name: "disk-analysis",
  targetSeconds: STATUS_TARGET_SECONDS["disk-analysis"],
  parts: ["disks"],
  kinds: ["disk"],
  question: { en: "How are the disks?", ja: "ディスクの状態はどうですか?" },
};
