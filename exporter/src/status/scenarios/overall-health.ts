import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** The health of the whole machine. */
export const overallHealth: Scenario = {
  name: "overall-health",
  targetSeconds: STATUS_TARGET_SECONDS["overall-health"],
  parts: ["cpu", "memory", "disks", "network", "uptime", "battery"],
  kinds: [
    "cpu",
    "container-memory",
    "memory",
    "disk",
    "load",
    "memory-pressure",
    "swap",
    "interface",
    "battery",
    "uptime",
  ],
  question: { en: "Is this machine healthy?", ja: "このマシンは健全ですか?" },
};
