import type { RuleOptions } from "../rules/options.ts";
import { attributionCases } from "./attribution.ts";
import type { AlertCase } from "./case.ts";
import { errorCases } from "./errors.ts";
import { exporterCases } from "./exporter.ts";
import { latencyCases } from "./latency.ts";
import { memoryCases } from "./memory.ts";
import { statusCases } from "./status.ts";

/** Every case, for the limits and the pace that the rules are made with. */
export function alertCases(options: RuleOptions): readonly AlertCase[] {
  return [
    ...latencyCases(options),
    ...errorCases(options),
    ...memoryCases(options),
    ...attributionCases(options),
    ...statusCases(options),
    ...exporterCases(options),
  ];
}
