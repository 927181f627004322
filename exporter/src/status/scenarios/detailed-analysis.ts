import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** Everything that is known. */
export const detailedAnalysis: Scenario = {
  name: "detailed-analysis",
  targetSeconds: STATUS_TARGET_SECONDS["detailed-analysis"],
  parts: ["cpu", "memory", "disks", "network", "processes", "uptime", "battery"],
  kinds: [
    "cpu",
    "container-memory",
    "memory",
    "memory-pressure",
    "disk",
    "load",
    "swap",
    "interface",
    "process-cpu",
    "process-memory",
    "process-count",
    "battery",
    "uptime",
  ],
  question: { en: "How is this machine in detail?", ja: "このマシンの詳しい状態はどうですか?" },
};
