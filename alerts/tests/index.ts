import type { RuleOptions } from "../rules/options.ts";
import { attributionCases } from "./attribution.ts";
import { cacheCases } from "./cache.ts";
import type { AlertCase } from "./case.ts";
import { errorCases } from "./errors.ts";
import { exporterCases } from "./exporter.ts";
import { forecastCases } from "./forecast.ts";
import { idleCases } from "./idle.ts";
import { incidentsCases, incidentsUp } from "./incidents.ts";
import { latencyCases } from "./latency.ts";
import { memoryCases } from "./memory.ts";
import { modelCases } from "./model.ts";
import { saturationCases } from "./saturation.ts";
import { statusCases } from "./status.ts";
import { streamedCases } from "./streamed.ts";
import { upstreamCases } from "./upstream.ts";

/** Every case, for the limits and the pace that the rules are made with. */
export function alertCases(options: RuleOptions): readonly AlertCase[] {
  const ofTheExporter = [
    ...latencyCases(options),
    ...errorCases(options),
    ...memoryCases(options),
    ...forecastCases(options),
    ...attributionCases(options),
    ...statusCases(options),
    ...streamedCases(options),
    ...upstreamCases(options),
    ...cacheCases(options),
    ...saturationCases(options),
    ...modelCases(options),
    ...idleCases(options),
    ...exporterCases(options),
  ];
  return [
    ...ofTheExporter.map((one) => ({ ...one, series: [...one.series, incidentsUp(one)] })),
    ...incidentsCases(options),
  ];
}
