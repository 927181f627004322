import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "@jest/globals";
import {
  CHAT_OPERATIONS,
  LIMITS,
  MEMORY_SCOPES,
  STATUS_TARGET_SECONDS,
} from "@headroom/alerts/limits";
import { QUALITY_MESSAGES } from "@headroom/alerts/quality-grid";
import { isAlert } from "@headroom/alerts/rules/group";
import { ruleGroups } from "@headroom/alerts/rules/index";
import { UPSTREAM_NAMES } from "@headroom/alerts/upstream-metrics";
import { generatedDashboards } from "./testing/dashboard.ts";
import { grafanaGroups, stepOf } from "./testing/grafana-alerting.ts";
import type { Selector } from "./testing/promql.ts";
import { readPromql } from "./testing/promql.ts";
import type { Scrape } from "./testing/scrape.ts";
import { scrapeAll } from "./testing/scrape.ts";

/** What Prometheus adds to every series it scrapes. */
const TARGET_LABELS = ["job", "instance"];

/** What Prometheus records about each scrape. */
const SCRAPE_METRICS = ["up", "scrape_duration_seconds"];

/** k6's tags of requests, of which `loadtest/lib/script.ts` keeps these, and the scripts' `status_scenario`. */
const OF_REQUESTS = [
  "name",
  "method",
  "status",
  "scenario",
  "expected_response",
  "status_scenario",
];

/**
 * Series that k6 writes to Prometheus in a load run and that dashboards may ask for, with their
 * labels. A trend is in seconds here, and since the run began; so is a rate.
 * Source: https://grafana.com/docs/k6/latest/results-output/real-time/prometheus-remote-write/
 */
const K6_SERIES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  // Of what was answered or missed its deadline, and what well-meant requests did not get.
  ["k6_answer_duration_p95", OF_REQUESTS],
  ["k6_request_errors_rate", OF_REQUESTS],
  ["k6_http_reqs_total", OF_REQUESTS],
  ["k6_checks_rate", ["check", "scenario"]],
  ["k6_vus", []],
  ["k6_vus_max", []],
]);

/** What Prometheus records about its alerts, and what k6 sends it; neither is scraped. */
const NOT_SCRAPED: ReadonlyMap<string, readonly string[]> = new Map([
  ["ALERTS", ["alertname", "alertstate", "severity", "limit", ...TARGET_LABELS]],
  ["ALERTS_FOR_STATE", ["alertname", "severity", "limit", ...TARGET_LABELS]],
  ...K6_SERIES,
  // What model servers show; upstream-metrics.test.ts asks a Prometheus that scrapes them.
  ...UPSTREAM_NAMES.map((name) => [name, TARGET_LABELS] as const),
]);

/** Values of labels that exist, though not on every machine, or only once somebody asks for them. */
const NOT_EVERYWHERE: Readonly<Record<string, readonly string[]>> = {
  scope: MEMORY_SCOPES,
  gen_ai_operation_name: CHAT_OPERATIONS,
};

/** What one exporter may add to a Prometheus, which pays for each series in memory. */
const MOST_SERIES = { withoutGrid: 600, grid: 400 };

const RUNBOOKS = join(import.meta.dirname, "..", "alerts", "runbooks");

describe("against a scrape of the real programs", () => {
  let scrape: Scrape;
  const rules = ruleGroups().flatMap((group) => group.rules);
  const recorded = new Map(
    rules.flatMap((rule) => (isAlert(rule) ? [] : [[rule.record, readPromql(rule.expr)] as const])),
  );

  beforeAll(async () => {
    scrape = await scrapeAll();
  });

  const named = rules.map((rule) => [isAlert(rule) ? rule.alert : rule.record, rule.expr] as const);

  it.each(named)("%s asks only for metrics, labels and values that exist", (_name, expr) => {
    const { selectors, grouping } = readPromql(expr);
    for (const selector of selectors) expect(unknownParts(selector)).toEqual([]);
    const labels = new Set(selectors.flatMap((selector) => [...labelsOf(selector.metric)]));
    for (const label of grouping) expect([...labels]).toContain(label);
  });

  const asked = grafanaGroups().flatMap((group) =>
    group.rules.map((rule) => [rule.uid, stepOf(rule, "A").model.expr ?? ""] as const),
  );

  it.each(asked)("%s asks Prometheus, in Grafana, only for what exists", (_uid, expr) => {
    const { selectors, grouping } = readPromql(expr);
    expect(selectors.length).toBeGreaterThan(0);
    expect(selectors.flatMap(unknownParts)).toEqual([]);
    const labels = new Set(selectors.flatMap(({ metric }) => [...labelsOf(metric)]));
    for (const label of grouping) expect([...labels]).toContain(label);
  });

  it("an exporter that does every kind of work has few series, the quality map apart", () => {
    const series = scrape.exporter.split("\n").filter((line) => /^[a-z]/.test(line));
    const grid = series.filter((line) => line.startsWith(`${QUALITY_MESSAGES}{`));
    expect(grid.length).toBeLessThanOrEqual(MOST_SERIES.grid);
    expect(series.length - grid.length).toBeLessThanOrEqual(MOST_SERIES.withoutGrid);
    // Sentiment, each status scenario, its summaries, and the chat model: none is missing.
    for (const asked of [
      'attribution_words_count{method="occlusion"} 2',
      ...Object.keys(STATUS_TARGET_SECONDS).map(
        (scenario) => `headroom_status_duration_seconds_count{scenario="${scenario}"} 1`,
      ),
    ])
      expect(series).toContain(asked);
    const chat = /^gen_ai_client_token_usage_count{.*="(chat|status_summary)",/;
    expect(series.filter((line) => chat.test(line))).toHaveLength(4);
  });

  it("finds what the runbooks ask Prometheus", async () => {
    let queries = 0;
    for (const file of await readdir(RUNBOOKS)) {
      const text = await readFile(join(RUNBOOKS, file), "utf8");
      for (const [, block = ""] of text.matchAll(/^```promql\n([^`]*)```$/gm)) {
        for (const query of block.trim().split("\n")) {
          const unknown = readPromql(query).selectors.flatMap(unknownParts);
          expect({ file, query, unknown }).toEqual({ file, query, unknown: [] });
          queries += 1;
        }
      }
    }
    expect(queries).toBeGreaterThan(0);
  });

  const dashboards = generatedDashboards();
  const targets = dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets }) =>
      targets.map((target) => [`${uid}: ${title}, ${target.refId}`, target] as const),
    ),
  );

  it.each(targets)("%s names only what exists", (_name, target) => {
    const { selectors, grouping } = readPromql(target.expr);
    expect(selectors.length).toBeGreaterThan(0);
    for (const selector of selectors) expect(unknownParts(selector)).toEqual([]);
    const labels = new Set(selectors.flatMap(({ metric }) => [...labelsOf(metric)]));
    const written = [...target.legendFormat.matchAll(/{{(\w+)}}/g)].map(([, label = ""]) => label);
    for (const label of [...grouping, ...written]) expect([...labels]).toContain(label);
    // What is not grouped by is gone from the answer.
    if (grouping.length > 0) for (const label of written) expect(grouping).toContain(label);
  });

  it("the dashboards' variables are made of metrics and labels that exist", () => {
    for (const { definition } of dashboards.flatMap(({ templating }) => templating.list)) {
      const [, result] = /^query_result\((.+)\)$/.exec(definition) ?? [];
      if (result) {
        expect(readPromql(result).selectors.flatMap(unknownParts)).toEqual([]);
        continue;
      }
      const [, series = "", label = ""] = /^label_values\((.+), (\w+)\)$/.exec(definition) ?? [];
      const { selectors } = readPromql(series);
      expect(selectors).toHaveLength(1);
      for (const { metric, matchers } of selectors) {
        const asked = { metric, matchers: [...matchers, { label, value: ".*" }] };
        expect(unknownParts(asked)).toEqual([]);
      }
    }
  });

  it("the dashboards' annotations name only what exists", () => {
    for (const { list } of dashboards.map(({ annotations }) => annotations)) {
      expect(list.length).toBeGreaterThan(0);
      for (const { expr, titleFormat, textFormat = "" } of list) {
        const { selectors } = readPromql(expr);
        expect(selectors.flatMap(unknownParts)).toEqual([]);
        const labels = new Set(selectors.flatMap(({ metric }) => [...labelsOf(metric)]));
        for (const [, label] of `${titleFormat} ${textFormat}`.matchAll(/{{(\w+)}}/g)) {
          expect([...labels]).toContain(label);
        }
      }
    }
  });

  it("names every recorded series level:metric:operations, and says its level in labels", () => {
    for (const [name, { grouping }] of recorded) {
      // Those of a model server are its own readings, for which there is no operation to name.
      if (name.startsWith("upstream:")) continue;
      expect(name).toMatch(/^[a-z_]+:[a-z_]+:[a-z0-9_]+$/);
      const level = `_${name.slice(0, name.indexOf(":"))}_`;
      // Of a job, the instance is what is aggregated away.
      const known = ["job", "le", ...(name.startsWith("job") ? ["instance"] : [])];
      for (const label of grouping)
        if (!known.includes(label)) expect(level).toContain(`_${label}_`);
    }
  });

  it("shows a histogram edge at every limit that a histogram is judged by, and one near it on each side", () => {
    const status = LIMITS.filter(({ id }) => id.startsWith("status_"));
    expect(status.length).toBeGreaterThan(0);
    for (const [id, metric] of [
      ...status.map(({ id }) => [id, "headroom_status_duration_seconds"] as const),
      ["latency_p95", "sentiment_request_duration_seconds"],
      ["first_token_p95", "gen_ai_server_time_to_first_token_seconds"],
      ["output_token_p95", "gen_ai_server_time_per_output_token_seconds"],
      ["attribution_entropy", "attribution_entropy_nats"],
      ["attribution_sparsity", "attribution_sparsity_ratio"],
    ] as const) {
      const edges = [...scrape.exposed.get(`${metric}_bucket`)!.get("le")!].map(Number);
      for (const limit of LIMITS.filter((l) => l.id === id)) {
        const allowed = [
          ...(limit.bound === "lower" ? [] : [limit.upper]),
          ...(limit.bound === "upper" ? [] : [limit.lower]),
        ];
        for (const value of allowed) {
          expect(edges).toContain(value);
          expect(edges.some((edge) => edge < value && edge >= value / 2)).toBe(true);
          expect(edges.some((edge) => edge > value && edge <= value * 2.5)).toBe(true);
        }
      }
    }
  });

  it("shows the limits by the names that the alerts carry", () => {
    const shown = scrape.exposed.get("headroom_limit")?.get("limit");
    for (const rule of rules) {
      if (isAlert(rule) && rule.labels.limit) expect(shown).toContain(rule.labels.limit);
    }
  });

  it("shows the limits of memory for each scope that has a capacity, and a scope for no other", () => {
    const scopes = (pattern: RegExp): string[] => {
      const found = [...scrape.text.matchAll(pattern)].map(([labels]) => labels);
      return [
        ...new Set(found.map((labels) => /scope="(\w+)"/.exec(labels)?.[1] ?? "none")),
      ].sort();
    };
    const capacities = scopes(/^headroom_memory_capacity_bytes.*$/gm);
    for (const scope of capacities) expect(MEMORY_SCOPES).toContain(scope);
    expect(capacities).toEqual(expect.arrayContaining(["process", "system"]));
    expect(scopes(/^headroom_limit\{.*limit="memory".*$/gm)).toEqual(capacities);
    expect(scopes(/^headroom_limit\{(?!.*limit="memory").*$/gm)).toEqual(["none"]);
  });

  it("notices a metric, a label and a value that do not exist", () => {
    const wrong = (expr: string): string[] => readPromql(expr).selectors.flatMap(unknownParts);
    expect(wrong("sentiment_request_total")).toEqual(["metric sentiment_request_total"]);
    expect(wrong('sentiment_requests_total{result="ok"}')).toEqual([
      "label result of sentiment_requests_total",
    ]);
    expect(wrong('sentiment_requests_total{outcome=~"ok|failed"}')).toEqual([
      'outcome="failed" of sentiment_requests_total',
    ]);
  });

  /** Labels of a scraped or recorded series. */
  function labelsOf(metric: string): Set<string> {
    const listed = NOT_SCRAPED.get(metric);
    if (listed) return new Set(listed);
    const parts = recorded.get(metric);
    const own = parts
      ? [
          ...parts.grouping,
          ...parts.selectors.flatMap(({ metric }) => [...labelsOf(metric)]),
          ...(/^(instance|job)_work:/.test(metric) ? ["work"] : []),
        ]
      : (scrape.exposed.get(metric)?.keys() ?? []);
    return new Set([...TARGET_LABELS, ...own]);
  }

  function unknownParts({ metric, matchers }: Selector): string[] {
    const known = [recorded, scrape.exposed, NOT_SCRAPED].some((names) => names.has(metric));
    if (!known && !SCRAPE_METRICS.includes(metric)) return [`metric ${metric}`];
    return matchers.flatMap(({ label, value }) => {
      if (!labelsOf(metric).has(label)) return [`label ${label} of ${metric}`];
      const values = scrape.exposed.get(metric)?.get(label);
      return (
        value
          .split("|")
          // A variable of the dashboard stands for what it finds.
          .filter((one) => !one.startsWith("$") && !NOT_EVERYWHERE[label]?.includes(one))
          .filter((one) => values && ![...values].some((v) => new RegExp(`^(?:${one})$`).test(v)))
          .map((one) => `${label}="${one}" of ${metric}`)
      );
    });
  }
});
