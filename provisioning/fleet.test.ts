import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { ruleGroups } from "@headroom/alerts/rules/index";
import { YAML_STYLE } from "./prometheus.ts";
import { prometheusRuleFile } from "./rule-file.ts";
import { promtool } from "./testing/companion.ts";

/** Requests of a scrape, every 5 s; the second exporter is nearly idle, and all that it does is bad. */
const EXPORTERS = [
  { instance: "10.0.0.1:9700", requests: 95, failed: 0, le: "0.1" },
  { instance: "10.0.0.2:9700", requests: 5, failed: 5, le: "1" },
] as const;
const EDGES = ["0.05", "0.1", "0.5", "1", "+Inf"];

const series = EXPORTERS.flatMap(({ instance, requests, failed, le }) => {
  const grows = (metric: string, labels: string, by: number) => ({
    // Labels of a target in Kubernetes, which aggregation must not trip over.
    series: `${metric}{job="headroom", instance="${instance}", pod="${instance}", namespace="headroom", ${labels}}`,
    values: `0+${by}x40`,
  });
  const from = EDGES.indexOf(le);
  return [
    grows("sentiment_requests_total", 'outcome="ok"', requests - failed),
    grows("sentiment_requests_total", 'outcome="server_error"', failed),
    grows("sentiment_request_duration_seconds_count", "", requests),
    ...EDGES.map((edge, i) =>
      grows("sentiment_request_duration_seconds_bucket", `le="${edge}"`, i < from ? 0 : requests),
    ),
    grows("attribution_entropy_nats_sum", 'method="prefix"', requests * (failed > 0 ? 2.6 : 0.6)),
    grows("attribution_entropy_nats_count", 'method="prefix"', requests),
    grows("sentiment_messages_total", 'source="model"', requests),
    grows("headroom_cache_requests_total", 'cache="sentiment", tier="redis", result="hit"', failed),
    grows(
      "headroom_cache_requests_total",
      'cache="sentiment", tier="redis", result="miss"',
      requests - failed,
    ),
  ];
});

it("records of several exporters what one that did all of it would have, and the worst of them", async () => {
  const expected: readonly (readonly [series: string, value: number])[] = [
    // 95 of 100 requests are in the bucket that ends at 0.1 s; the mean of both P95s would be 0.53 s.
    ["job:sentiment_request_duration_seconds:p95_rate1m", 0.1],
    ["job:sentiment_request_duration_seconds:worst_p95_rate1m", 0.975],
    [
      'instance:sentiment_request_duration_seconds:topk10_p95_rate1m{instance="10.0.0.2:9700"}',
      0.975,
    ],
    // 5 of 100; the mean of both shares would be a half.
    ['job_work:headroom_request_errors_per_requests:ratio_rate1m{work="sentiment"}', 0.05],
    ['job_work:headroom_request_errors_per_requests:worst_ratio_rate1m{work="sentiment"}', 1],
    ["job_method:attribution_entropy_nats:mean1m", 0.7],
    // 0.6 is within the band by 0.1, and 2.6 beyond it by 0.1.
    ["job_method:attribution_entropy_nats:worst_mean1m", 2.6],
    ["job_source:sentiment_messages:rate1m", 20],
    ["job_cache_tier:headroom_cache_hits_per_requests:ratio_rate1m", 0.05],
  ];
  const folder = await mkdtemp(join(tmpdir(), "headroom-fleet-"));
  try {
    await writeFile(join(folder, "rules.yml"), prometheusRuleFile(ruleGroups()));
    const tests = [
      {
        interval: "5s",
        input_series: series,
        promql_expr_test: expected.map(([expr, value]) => ({
          expr: `round(sum(${expr}), 0.001)`,
          eval_time: "2m",
          exp_samples: [{ labels: "{}", value }],
        })),
      },
    ];
    const story = { rule_files: ["rules.yml"], evaluation_interval: "5s", tests };
    await writeFile(join(folder, "story.yml"), stringify(story, YAML_STYLE));
    const { ok, output } = await promtool("test", "rules", join(folder, "story.yml"));
    expect(ok ? "" : output).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});
