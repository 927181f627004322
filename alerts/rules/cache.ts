import { OPERATION_LIMITS } from "../limits.ts";
import { judge, noHeadroom } from "./condition.ts";
import { EVIDENCE } from "./evidence.ts";
import type { RuleGroup } from "./group.ts";
import { rate, share, withEvidence } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const LOOKUPS = "cache_requests_total";
const BY = "job, instance, tier";

/**
 * Whether Redis answers, judged by the lookups in it over both caches, which share it. Without Redis
 * there is no lookup, and while memory answers everything nobody misses it: then nothing fires.
 */
export function cacheRules(options: RuleOptions): RuleGroup {
  const allowed = OPERATION_LIMITS.cacheErrors;
  const window = duration(options.pace.windowSeconds);
  const over = { window, by: BY };
  const failed = rate(LOOKUPS, over, 'result="error"');
  const ratio = `instance_tier:cache_errors_per_requests:ratio_rate${window}`;
  return {
    name: "headroom-cache",
    rules: [
      {
        record: ratio,
        // As many lookups as requests elsewhere: below that, the load does not need a second cache.
        expr: withEvidence(share(failed, rate(LOOKUPS, over)), EVIDENCE.requests, LOOKUPS, over),
      },
      {
        alert: "HeadroomCacheDegraded",
        ...judge(noHeadroom(allowed), (compared) => compared(`${ratio}{tier="redis"}`)),
        // A restart of Redis is over in seconds; the exporter is connected again within one.
        for: holdFor(options.pace, "warning", "window"),
        labels: { severity: "warning" },
        annotations: {
          summary: `${VALUE.ratio} of the lookups of {{ $labels.instance }} in Redis fail`,
          description:
            `${VALUE.ratio} of the lookups of the last ${window} got no answer from Redis in time; ` +
            `the limit is ${inWords(allowed)}. Requests are answered, but by the model.`,
          runbook_url: runbookUrl(options, "HeadroomCacheDegraded"),
          dashboard_url: dashboardUrl(options, "headroom-operations"),
        },
      },
    ],
  };
}
