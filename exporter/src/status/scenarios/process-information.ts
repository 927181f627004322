import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** What runs, and what it costs. */
export const processInformation: Scenario = {
  name: "process-information",
  targetSeconds: STATUS_TARGET_SECONDS["process-information"],
  parts: ["processes"],
  kinds: ["process-cpu", "process-memory", "process-count"],
  question: { en: "What runs on this machine?", ja: "このマシンでは何が動いていますか?" },
};
