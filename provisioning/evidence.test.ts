import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { limit, statusLimit } from "@headroom/alerts/limits";
import { EVIDENCE } from "@headroom/alerts/rules/evidence";
import { isAlert } from "@headroom/alerts/rules/group";
import { ruleGroups } from "@headroom/alerts/rules/index";
import { PACE } from "@headroom/alerts/rules/pace";
import { INSTANCE } from "@headroom/alerts/tests/timeline";
import { YAML_STYLE } from "./prometheus.ts";
import { prometheusRuleFile } from "./rule-file.ts";
import { promtool } from "./testing/companion.ts";

const groups = ruleGroups();
const recorded = groups.flatMap(({ rules }) =>
  rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record])),
);

/** What needs no evidence: how much is asked is 0 without traffic, and a gauge is what it is. */
const EXEMPT = [
  ["rates", /^[a-z_]+:(sentiment|headroom_(status|chat))_(requests|messages|tokens):rate/],
  [
    "memory",
    /^instance_scope:headroom_memory_used_per_(capacity|warning_limit|critical_limit):ratio$/,
  ],
  ["forecasts of memory", /^instance_scope:headroom_memory_used_per_warning_limit:(forecast|rise)/],
  // They lag by one evaluation.
  ["the worst of what has its own evidence", /:(worst|topk10)_/],
  ["what a model server tells", /^upstream:/],
  ["limits, and the alerts about them", /^job_\w+:(headroom_limit:max|alerts_for_state:min)/],
  ["whether a model answers", /^instance_task:headroom_model_ready:avg/],
  ["starts of the process", /^instance:process_starts:changes/],
  ["restarts of a model", /^instance_task:headroom_model_restarts:increase/],
] as const;

const believed = recorded.filter((name) => !EXEMPT.some(([, pattern]) => pattern.test(name)));

// Seconds between scrapes, and scrapes before, in and after the burst.
const SCRAPE = 5;
const WINDOW = PACE.windowSeconds / SCRAPE;
const BEFORE = WINDOW;
const AFTER = 3 * WINDOW;

/**
 * So few in a scrape that two of them are not enough, with what `increase` adds for the ends of the
 * window; a burst over a whole window is many times enough. In quarters, which add up exactly: a sum that
 * fell by a hair would look like a counter that began anew.
 */
const few = (least: number): number => Math.floor((4 * (least - 1)) / 2 / 1.15) / 4;

/** When the burst has its last events, when the window holds only those, and long after. Seconds. */
const END = (BEFORE + WINDOW) * SCRAPE;
const LATE = END + PACE.windowSeconds - 2 * SCRAPE;
const SILENT = END + 2 * PACE.windowSeconds;

/** A counter that grows in the burst, by so many in each scrape. */
function burst(series: string, labels: string, by: number): object {
  const all = [labels, `job="headroom", instance="${INSTANCE}"`].filter(Boolean).join(", ");
  const top = by * WINDOW;
  return {
    series: `${series}{${all}}`,
    values: `0x${BEFORE} ${by}+${by}x${WINDOW - 1} ${top}x${AFTER}`,
  };
}

/** A histogram in which every event lies beyond the given edges. */
function beyond(metric: string, labels: string, edges: readonly number[], least: number) {
  const by = few(least);
  const bucket = (le: string, grows: number) =>
    burst(`${metric}_bucket`, [`le="${le}"`, labels].filter(Boolean).join(", "), grows);
  return [
    ...edges.map((edge) => bucket(String(edge), 0)),
    bucket("+Inf", by),
    burst(`${metric}_count`, labels, by),
    burst(`${metric}_sum`, labels, 100 * by),
  ];
}

function edgesOf(id: string): number[] {
  const found = limit(id, "warning");
  return [
    ...(found.bound === "upper" ? [] : [found.lower]),
    ...(found.bound === "lower" ? [] : [found.upper]),
  ];
}

/** Nothing but bad events: refused, late, without meaning, invented, failed in Redis. */
const BURST = [
  burst("sentiment_requests_total", 'outcome="refused"', few(EVIDENCE.requests)),
  ...beyond("sentiment_request_duration_seconds", "", edgesOf("latency_p95"), EVIDENCE.requests),
  ...["entropy_nats", "sparsity_ratio"].flatMap((quality) =>
    beyond(
      `attribution_${quality}`,
      'method="prefix"',
      edgesOf(`attribution_${quality.split("_")[0]}`),
      EVIDENCE.messages,
    ),
  ),
  burst(
    "attribution_quality_messages_total",
    'method="prefix", entropy_le="1", sparsity_le="1"',
    few(EVIDENCE.messages),
  ),
  burst(
    "headroom_status_requests_total",
    'scenario="quick-status", outcome="refused"',
    few(EVIDENCE.requests),
  ),
  ...beyond(
    "headroom_status_duration_seconds",
    'scenario="quick-status"',
    [statusLimit("quick-status").upper],
    EVIDENCE.requests,
  ),
  ...(["first", "output"] as const).flatMap((token) =>
    beyond(
      `gen_ai_server_time_${token === "first" ? "to_first" : "per_output"}_token_seconds`,
      'gen_ai_operation_name="chat", gen_ai_request_model="m"',
      edgesOf(`${token}_token_p95`),
      EVIDENCE.streams,
    ),
  ),
  ...beyond("headroom_chat_inter_token_seconds", 'model="m"', [0.1], EVIDENCE.requests),
  burst("headroom_chat_streams_total", 'model="m"', few(EVIDENCE.streams)),
  burst(
    "headroom_chat_requests_total",
    'operation="chat", model="m", outcome="refused"',
    few(EVIDENCE.requests),
  ),
  burst("headroom_status_ungrounded_total", 'scenario="quick-status"', few(EVIDENCE.requests)),
  burst("headroom_status_fallbacks_total", 'reason="ungrounded"', few(EVIDENCE.requests)),
  burst(
    "headroom_cache_requests_total",
    'cache="sentiment", tier="redis", result="error"',
    few(EVIDENCE.requests),
  ),
  burst(
    "headroom_cache_writes_total",
    'cache="sentiment", tier="redis", result="dropped"',
    few(EVIDENCE.requests),
  ),
];

describe("after a burst of bad events and silence", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "headroom-evidence-"));
    await writeFile(join(folder, "rules.yml"), prometheusRuleFile(groups));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(believed)("%s has a value in the burst, and none from too few events", async (name) => {
    const file = join(folder, `${believed.indexOf(name)}.yml`);
    await writeFile(file, story(name));
    const { ok, output } = await promtool("test", "rules", file);
    expect(ok ? "" : output).toBe("");
  });

  it.each(EXEMPT)("of %s there are series that need none", (_what, pattern) => {
    expect(recorded.filter((name) => pattern.test(name))).not.toEqual([]);
  });

  it("judges every ratio of requests, every quantile and every mean", () => {
    expect(believed).toHaveLength(27);
    for (const name of believed) expect(name).toMatch(/:(ratio_rate|p9[59]_rate|mean)\d+m$/);
  });
});

/** Promtool fails where a value is missing in the burst, and where there is one afterwards. */
function story(name: string): string {
  const interval = `${SCRAPE}s`;
  const at = (seconds: number, expr: string, values: readonly number[]) => ({
    expr,
    eval_time: `${seconds}s`,
    exp_samples: values.map((value) => ({ labels: "{}", value })),
  });
  // A value is equal to itself, unless it is no number; one of several kinds of work has one for each.
  const numbers = `min(${name} == bool ${name})`;
  const tests = [
    {
      interval,
      input_series: BURST,
      promql_expr_test: [at(END, numbers, [1]), at(LATE, name, []), at(SILENT, name, [])],
    },
  ];
  return stringify({ rule_files: ["rules.yml"], evaluation_interval: interval, tests }, YAML_STYLE);
}
