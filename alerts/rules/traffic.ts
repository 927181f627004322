import { alertRule, type RuleGroup } from "./group.ts";
import { cacheHits, rate } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration, IDLE_WINDOWS } from "./pace.ts";

const sentimentRate = (window: string): string => `instance:sentiment_requests:rate${window}`;

/** How much is asked and answered, and how much of it the caches answer. */
export function trafficRules({ pace }: RuleOptions): RuleGroup {
  const window = duration(pace.windowSeconds);
  const requests = "sentiment_requests_total";
  return {
    name: "headroom-traffic",
    rules: [
      { record: sentimentRate(window), expr: rate(requests, { window, by: "job, instance" }) },
      {
        record: `instance_outcome:sentiment_requests:rate${window}`,
        expr: rate(requests, { window, by: "job, instance, outcome" }),
      },
      {
        record: `instance_source:sentiment_messages:rate${window}`,
        expr: rate("sentiment_messages_total", { window, by: "job, instance, source" }),
      },
      {
        record: `instance_cache_tier:headroom_cache_hits_per_requests:ratio_rate${window}`,
        expr: cacheHits({ window, by: "job, instance, cache, tier" }),
      },
    ],
  };
}

/** Whether anybody asks. An exporter that is down has no rate, so this is about one that is up. */
export function idleRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const idle = duration(IDLE_WINDOWS * options.pace.windowSeconds);
  const sentiment = sentimentRate(window);
  const status = `instance:headroom_status_requests:rate${window}`;
  const chat = `instance:headroom_chat_requests:rate${window}`;
  return {
    name: "headroom-idle",
    rules: [
      {
        record: status,
        expr: rate("headroom_status_requests_total", { window, by: "job, instance" }),
      },
      { record: chat, expr: rate("headroom_chat_requests_total", { window, by: "job, instance" }) },
      alertRule(options, {
        alert: "HeadroomNoTraffic",
        // Refused and wrong requests count as well: somebody is there.
        // Without a model server and a chat model there is no rate of chat.
        expr: `${sentiment} == 0 and ${status} == 0 unless ${chat} > 0`,
        // No rate is negative.
        watched: {
          values: `${sentiment} + ${status} + (${chat} or 0 * ${sentiment})`,
          fires: { is: "at most", edge: 0 },
        },
        for: idle,
        // A quiet night is no fault, but requests that go elsewhere look the same.
        severity: "info",
        dashboard: "headroom-overview",
        summary: `Nobody has asked {{ $labels.instance }} anything for ${idle}`,
        description:
          `The exporter is up and had no request for ${idle}: neither for sentiments, for a status ` +
          "nor for a chat model. No limit of latency, errors or attribution can be judged without requests.",
      }),
    ],
  };
}
