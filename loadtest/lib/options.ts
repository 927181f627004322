import type { Options } from "k6/options";
import { scenariosOf } from "../plan/arrival.ts";
import { seriesRead } from "../plan/k6-metrics.ts";
import type { Profile } from "../plan/profiles.ts";
import { thresholdsFor } from "../plan/thresholds.ts";

/** k6's options for a profile. */
export function optionsOf(profile: Profile): Options {
  return {
    scenarios: scenariosOf(profile),
    thresholds: {
      ...Object.fromEntries(seriesRead(profile).map((name) => [name, []])),
      ...thresholdsFor(profile),
    },
    summaryTrendStats: ["avg", "min", "med", "max", "p(90)", "p(95)", "p(99)", "count"],
    // Few, so that one run is few series; without `group` k6 leaves the checks out of the summary.
    systemTags: ["group", "name", "method", "status", "scenario", "check", "expected_response"],
    setupTimeout: "10s",
    teardownTimeout: "10s",
  };
}
