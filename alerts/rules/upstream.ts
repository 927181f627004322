import { limit } from "../limits.ts";
import { UPSTREAM_METRICS, type UpstreamSeries } from "../upstream-metrics.ts";
import { alertRule, onLimit, type RecordingRule, type RuleGroup } from "./group.ts";
import { JOBS, type RuleOptions } from "./options.ts";
import { duration, holdFor } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

/**
 * The model server behind the exporter: whether it answers, as the exporter sees it, and what it tells of
 * itself. Its series carry the exporter's address as `instance` (see `provisioning/prometheus.ts`).
 */
export function upstreamRules(options: RuleOptions): RuleGroup {
  const waits = holdFor(options.pace, "critical", "now");
  const allowed = limit("kv_cache", "warning", options.limits);
  const up = "headroom_upstream_up";
  return {
    name: "headroom-upstream",
    rules: [
      ...(Object.keys(UPSTREAM_METRICS) as UpstreamSeries[]).map(recorded),
      {
        // Until what its failures did to the measures of a window is over as well: this alert explains them.
        keep_firing_for: duration(2 * options.pace.windowSeconds),
        ...alertRule(options, {
          alert: "HeadroomUpstreamDown",
          expr: `${up} == 0`,
          watched: { values: up, fires: { is: "at most", edge: 0 } },
          // A gauge that needs no traffic. A server that is started again and finds its model in the page
          // cache is back before this fires.
          for: waits,
          severity: "critical",
          dashboard: "headroom-chat",
          summary: "The model server behind {{ $labels.instance }} does not answer",
          description:
            `The exporter has had no answer from the model server (HEADROOM_UPSTREAM_URL) for ${waits}. ` +
            "Requests are answered with 502 until it is back; nothing has to be restarted for that.",
        }),
      },
      alertRule(options, {
        alert: "HeadroomKvCacheFull",
        // A reading of now: a batch of long prompts that fills it for moments is gone after the patience.
        ...onLimit(options, "upstream:kv_cache_usage:ratio", allowed, "now"),
        dashboard: "headroom-chat",
        summary: `The KV cache of the model server behind {{ $labels.instance }} is at ${VALUE.ratio}`,
        description:
          `The model server says that ${VALUE.ratio} of its cache of keys and values are in use; the ` +
          `limit is ${inWords(allowed)}. When it is full, requests wait or begin again.`,
      }),
    ],
  };
}

/** Under the exporter's job too, or its limits would not be found to be about them. */
function recorded(record: UpstreamSeries): RecordingRule {
  const { names, together } = UPSTREAM_METRICS[record];
  const any = names.map((name) => `${name}{job="${JOBS.upstream}"}`).join(" or ");
  const one = `${together} by (instance) (${any})`;
  return { record, expr: `label_replace(${one}, "job", "${JOBS.exporter}", "", "")` };
}
