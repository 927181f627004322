import { EVIDENCE } from "./evidence.ts";
import type { RuleGroup } from "./group.ts";
import { rate, share, withEvidence } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration } from "./pace.ts";

/** How much is asked and answered, and how much of it the caches answer. */
export function trafficRules({ pace }: RuleOptions): RuleGroup {
  const window = duration(pace.windowSeconds);
  const lookups = "cache_requests_total";
  const byCache = { window, by: "job, instance, cache, tier" };
  return {
    name: "headroom-traffic",
    rules: [
      {
        record: `instance:sentiment_requests:rate${window}`,
        expr: `sum by (job, instance) (rate(sentiment_requests_total[${window}]))`,
      },
      {
        record: `instance_outcome:sentiment_requests:rate${window}`,
        expr: `sum by (job, instance, outcome) (rate(sentiment_requests_total[${window}]))`,
      },
      {
        record: `instance_source:sentiment_messages:rate${window}`,
        expr: `sum by (job, instance, source) (rate(sentiment_messages_total[${window}]))`,
      },
      {
        record: `instance_cache_tier:cache_hits_per_requests:ratio_rate${window}`,
        expr: withEvidence(
          share(rate(lookups, byCache, 'result="hit"'), rate(lookups, byCache)),
          EVIDENCE.requests,
          lookups,
          byCache,
        ),
      },
    ],
  };
}
