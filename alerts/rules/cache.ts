import { OPERATION_LIMITS } from "../limits.ts";
import { EVIDENCE } from "./evidence.ts";
import { alertRule, onLimit, type RuleGroup } from "./group.ts";
import { rate, share, withEvidence } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const BY = "job, instance, tier";

/**
 * Whether Redis serves, judged by the lookups in it and by the writes to it over both caches, which
 * share it: a replica or a full server answers lookups and takes no writes. Without Redis there is
 * neither, and while memory answers everything nobody misses it: then nothing fires.
 */
export function cacheRules(options: RuleOptions): RuleGroup {
  const allowed = OPERATION_LIMITS.cacheErrors;
  const window = duration(options.pace.windowSeconds);
  const over = { window, by: BY };
  // As much evidence as requests need elsewhere: below that, the load does not need a second cache.
  const failing = (operation: string, counter: string, result: string) => {
    const ratio = share(rate(counter, over, `result="${result}"`), rate(counter, over));
    const known = withEvidence(ratio, EVIDENCE.requests, counter, over);
    return `label_replace(${known}, "operation", "${operation}", "", "")`;
  };
  const lookups = failing("lookup", "cache_requests_total", "error");
  const writes = failing("write", "cache_writes_total", "dropped");
  const ratio = `instance_tier:cache_errors_per_requests:ratio_rate${window}`;
  return {
    name: "headroom-cache",
    rules: [
      // The worse of both, so that a Redis that is gone is one alert.
      { record: ratio, expr: `max by (${BY}) (${lookups} or ${writes})` },
      alertRule(options, {
        alert: "HeadroomCacheDegraded",
        // A restart of Redis is over in seconds; the exporter is connected again within one.
        ...onLimit(
          options,
          `${ratio}{tier="redis"}`,
          { ...allowed, severity: "warning" },
          "window",
        ),
        dashboard: "headroom-operations",
        summary: `${VALUE.ratio} of the lookups or writes of {{ $labels.instance }} in Redis fail`,
        description:
          `${VALUE.ratio} of the lookups or of the writes of the last ${window} failed in Redis; ` +
          `the limit is ${inWords(allowed)}. Requests are answered, but by the model.`,
      }),
    ],
  };
}
