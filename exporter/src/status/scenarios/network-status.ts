import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import type { Scenario } from "./scenario.ts";

/** Interfaces, their rates and errors. */
export const networkStatus: Scenario = {
  name: "network-status",
  targetSeconds: STATUS_TARGET_SECONDS["network-status"],
  parts: ["network"],
  kinds: ["interface"],
  question: { en: "How is the network?", ja: "ネットワークの状態はどうですか?" },
};
