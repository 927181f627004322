import type { RuleGroup } from "./group.ts";
import type { RuleOptions } from "./options.ts";
import { dashboardUrl, runbookUrl } from "./options.ts";
import { duration, IDLE_WINDOWS } from "./pace.ts";

/** Whether anybody asks. An exporter that is down has no rate, so this is about one that is up. */
export function idleRules(options: RuleOptions): RuleGroup {
  const window = duration(options.pace.windowSeconds);
  const idle = duration(IDLE_WINDOWS * options.pace.windowSeconds);
  const status = `instance:status_requests:rate${window}`;
  // headroom-traffic records the other.
  const sentiment = `instance:sentiment_requests:rate${window}`;
  return {
    name: "headroom-idle",
    rules: [
      {
        record: status,
        expr: `sum by (job, instance) (rate(status_requests_total[${window}]))`,
      },
      {
        alert: "HeadroomNoTraffic",
        // Refused and wrong requests count as well: somebody is there.
        expr: `${sentiment} == 0 and ${status} == 0`,
        // No rate is negative.
        watched: { values: `${sentiment} + ${status}`, fires: { is: "at most", edge: 0 } },
        for: idle,
        // A quiet night is no fault, but requests that go elsewhere look the same.
        labels: { severity: "info" },
        annotations: {
          summary: `Nobody has asked {{ $labels.instance }} anything for ${idle}`,
          description:
            `The exporter is up and had no request for ${idle}: neither for sentiments nor for a ` +
            "status. No limit of latency, errors or attribution can be judged without requests.",
          runbook_url: runbookUrl(options, "HeadroomNoTraffic"),
          dashboard_url: dashboardUrl(options, "headroom-overview"),
        },
      },
    ],
  };
}
