import type { StatusScenario } from "@headroom/alerts/limits";
import { detailedAnalysis } from "./detailed-analysis.ts";
import { diskAnalysis } from "./disk-analysis.ts";
import { memoryStatus } from "./memory-status.ts";
import { networkStatus } from "./network-status.ts";
import { overallHealth } from "./overall-health.ts";
import { processInformation } from "./process-information.ts";
import { quickStatus } from "./quick-status.ts";
import type { Scenario } from "./scenario.ts";
import { urgentCheck } from "./urgent-check.ts";

/** Every status analysis by its name. */
export const SCENARIOS: Readonly<Record<StatusScenario, Scenario>> = {
  "quick-status": quickStatus,
  "detailed-analysis": detailedAnalysis,
  "process-information": processInformation,
  "memory-status": memoryStatus,
  "disk-analysis": diskAnalysis,
  "network-status": networkStatus,
  "overall-health": overallHealth,
  "urgent-check": urgentCheck,
};

/** Their names, in order. */
export const SCENARIO_NAMES = Object.keys(SCENARIOS) as readonly StatusScenario[];
