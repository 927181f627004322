import { afterEach, describe, expect, it } from "@jest/globals";
import { limit, limitsWithin } from "@headroom/alerts/limits";
import { QUALITY_MESSAGES, qualityGrid } from "@headroom/alerts/quality-grid";
import { createSimulatedScorer } from "../engine/simulated/scorer.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { samplesOf } from "./testing/samples.ts";

let metrics: Metrics;
afterEach(() => metrics.close());

const SCOPES = {
  system: { usedBytes: 9e9, capacityBytes: 64e9 },
  container: { usedBytes: 2e9, capacityBytes: 4e9 },
  process: { usedBytes: 1e9, capacityBytes: 4e9 },
};
/** One server, which both caches ask. */
const REDIS = { tier: "redis", entries: 40, bytes: 8_000 } as const;
const HERE = limitsWithin({ system: 64e9, container: 4e9, process: 4e9 });

const scrape = () => samplesOf(metrics.exposition);

function create() {
  metrics = createMetrics({ version: "1.2.3" });
  metrics.watch({
    models: [createSimulatedScorer({ latencySeconds: 0, errorRatio: 0 }).model],
    ready: { sentiment: () => true, status: () => false },
    queueDepth: () => 7,
    cacheStats: {
      sentiment: async () => [{ tier: "memory", entries: 5, bytes: 900 }, REDIS],
      status: async () => [{ tier: "memory", entries: 2, bytes: 300 }, REDIS],
    },
    chat: {
      model: () => ({ id: "chat", engine: "simulated", architecture: "none" }),
      waiting: () => 3,
      busy: () => 1,
      memoryBytes: () => 5_000,
    },
    chatRequests: { inFlight: () => 4, waiting: () => 2, upstreamUp: () => undefined },
    memory: async () => SCOPES,
    limits: async () => HERE,
  });
}

describe("metrics", () => {
  it("publish every edge of every limit", async () => {
    create();
    const found = await scrape();
    for (const l of HERE) {
      const scope = l.scope ? `,scope="${l.scope}"` : "";
      const series = (bound: string) =>
        found.get(
          `headroom_limit{limit="${l.id}",severity="${l.severity}",bound="${bound}"${scope}}`,
        );
      expect(series("upper")).toBe(l.bound === "lower" ? undefined : l.upper);
      expect(series("lower")).toBe(l.bound === "upper" ? undefined : l.lower);
    }
  });

  it("have a bucket edge on each limit, or a quantile could not tell a value at it", async () => {
    create();
    const found = await scrape();
    const entropy = limit("attribution_entropy", "warning") as { lower: number; upper: number };
    const sparsity = limit("attribution_sparsity", "warning") as { lower: number };
    for (const severity of ["warning", "critical"] as const) {
      const { upper } = limit("latency_p95", severity) as { upper: number };
      const series = `sentiment_request_duration_seconds_bucket{le="${upper}",attribution="none"}`;
      expect(found.get(series)).toBe(0);
    }
    for (const edge of [entropy.lower, entropy.upper]) {
      expect(found.get(`attribution_entropy_nats_bucket{le="${edge}",method="prefix"}`)).toBe(0);
    }
    const series = `attribution_sparsity_ratio_bucket{le="${sparsity.lower}",method="prefix"}`;
    expect(found.get(series)).toBe(0);
  });

  it("exist before the first event, so that a rate sees it", async () => {
    create();
    const found = await scrape();
    expect(found.get('sentiment_requests_total{outcome="deadline"}')).toBe(0);
    expect(found.get('sentiment_messages_total{label="neutral",source="cache"}')).toBe(0);
    expect(found.get('attribution_undefined_total{reason="one_word"}')).toBe(0);
  });

  it("count lookups and writes apart", async () => {
    create();
    metrics.caches.sentiment("redis", "hit", 3);
    metrics.caches.sentiment("redis", "dropped", 2);
    const found = await scrape();
    const labels = 'cache="sentiment",tier="redis"';
    expect(found.get(`headroom_cache_requests_total{${labels},result="hit"}`)).toBe(3);
    expect(found.get(`headroom_cache_requests_total{${labels},result="error"}`)).toBe(0);
    expect(found.get(`headroom_cache_writes_total{${labels},result="dropped"}`)).toBe(2);
    expect(found.get(`headroom_cache_writes_total{${labels},result="stored"}`)).toBe(0);
  });

  it("count an undefined attribution, and never observe it as 0", async () => {
    create();
    metrics.analyses.attributed({
      method: "occlusion",
      bounds: [0, 1],
      values: [1],
      entropy: null,
      sparsity: null,
      undefinedReason: "one_word",
    });
    const found = await scrape();
    expect(found.get('attribution_undefined_total{reason="one_word"}')).toBe(1);
    expect(found.get('attribution_entropy_nats_count{method="occlusion"}')).toBe(0);
    expect(found.get('attribution_words_count{method="occlusion"}')).toBe(1);
  });

  it("count each message in one cell of entropy and sparsity, by method", async () => {
    create();
    const attributed = (entropy: number, sparsity: number) =>
      metrics.analyses.attributed({
        ...{ method: "prefix", bounds: [0, 1, 2, 3], values: [1, 2] },
        ...{ entropy, sparsity },
      });
    // On both lower edges, just above them, on the upper edge, and beyond everything.
    attributed(0.5, 0.1);
    attributed(0.51, 0.11);
    attributed(0.6, 0.2);
    attributed(2.5, 1);
    attributed(9, 1 + 1e-9);
    const cells = [...(await scrape())].filter(([name]) => name.startsWith(QUALITY_MESSAGES));
    const { entropy, sparsity } = qualityGrid();
    expect(cells).toHaveLength(2 * entropy.length * sparsity.length);
    const cell = (x: string, y: string) =>
      `${QUALITY_MESSAGES}{method="prefix",entropy_le="${x}",sparsity_le="${y}"}`;
    expect(cells.filter(([, count]) => count > 0)).toEqual([
      [cell("0.5", "0.1"), 1],
      [cell("0.75", "0.2"), 2],
      [cell("2.5", "1"), 1],
      [cell("+Inf", "1"), 1],
    ]);
  });

  it("read the state of the running parts at each scrape", async () => {
    create();
    const found = await scrape();
    expect(found.get("headroom_queue_depth")).toBe(7);
    expect(found.get('headroom_model_ready{task="sentiment"}')).toBe(1);
    expect(found.get('headroom_model_ready{task="status"}')).toBe(0);
    expect(found.get('headroom_cache_entries{cache="sentiment",tier="memory"}')).toBe(5);
    expect(found.get('headroom_cache_entries{cache="status",tier="memory"}')).toBe(2);
    const inRedis = [...found].filter(([name]) => /^headroom_cache_.*tier="redis"/.test(name));
    expect(inRedis.filter(([name]) => !name.includes("_total"))).toEqual([
      ['headroom_cache_entries{cache="shared",tier="redis"}', 40],
      ['headroom_cache_bytes{cache="shared",tier="redis"}', 8_000],
    ]);
    expect(found.get('headroom_memory_used_bytes{scope="cache"}')).toBe(1_200);
    expect(found.get('headroom_memory_used_bytes{scope="chat"}')).toBe(5_000);
    expect(found.get("headroom_status_queue_depth")).toBe(3);
    expect(found.get("headroom_status_sequences_in_use")).toBe(1);
    expect(found.get("headroom_chat_requests_in_flight")).toBe(4);
  });

  it("leave out what nobody can tell, such as whether a model server answers that is not there", async () => {
    create();
    await scrape();
    expect((await scrape()).has("headroom_upstream_up")).toBe(false);
  });

  it("show memory by scope, each with its own capacity, and none of a scope that is not there", async () => {
    create();
    const found = await scrape();
    for (const [scope, { usedBytes, capacityBytes }] of Object.entries(SCOPES)) {
      expect(found.get(`headroom_memory_used_bytes{scope="${scope}"}`)).toBe(usedBytes);
      expect(found.get(`headroom_memory_capacity_bytes{scope="${scope}"}`)).toBe(capacityBytes);
    }
    expect(found.get('headroom_memory_used_bytes{scope="device"}')).toBeUndefined();
    expect(found.get('headroom_memory_capacity_bytes{scope="chat"}')).toBeUndefined();
  });

  it("time what was answered and what came too late, and nothing that was quickly turned away", async () => {
    create();
    const ended = { attribution: "prefix", traceId: undefined } as const;
    for (const outcome of ["refused", "aborted", "client_error", "server_error"] as const) {
      metrics.requests.finished({ ...ended, outcome, seconds: 0.002 });
      metrics.status.finished({
        scenario: "quick-status",
        outcome,
        seconds: 0.002,
      });
    }
    metrics.requests.finished({ ...ended, outcome: "ok", seconds: 2.2 });
    metrics.requests.finished({ ...ended, outcome: "deadline", seconds: 30 });
    const found = await scrape();
    const sentiment = 'sentiment_request_duration_seconds_count{attribution="prefix"}';
    expect(found.get(sentiment)).toBe(2);
    expect(found.get('sentiment_request_duration_seconds_sum{attribution="prefix"}')).toBe(32.2);
    expect(found.get('headroom_status_duration_seconds_count{scenario="quick-status"}')).toBe(0);
    expect(found.get('sentiment_requests_total{outcome="refused"}')).toBe(1);
  });

  it("say that a simulated engine is simulated", async () => {
    create();
    const { node } = process.versions;
    const labels = `version="1.2.3",node="${node}",engine="simulated",simulated="true"`;
    expect((await scrape()).get(`headroom_build_info{${labels}}`)).toBe(1);
  });

  it("show the trace of a slow request, to scrapers of OpenMetrics only", async () => {
    create();
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    metrics.requests.finished({ outcome: "ok", seconds: 2, attribution: "prefix", traceId });
    const open = await metrics.exposition.text("application/openmetrics-text");
    expect(open.body).toMatch(
      new RegExp(`_bucket{le="2.5",attribution="prefix"} 1 # {trace_id="${traceId}"} 2 \\d+`),
    );
    expect((await metrics.exposition.text(undefined)).body).not.toContain(traceId);
  });

  it("stay free of message text", async () => {
    create();
    metrics.analyses.attributed({
      method: "prefix",
      bounds: [0, 11, 12, 17],
      values: [1, 2],
      entropy: 0.6,
      sparsity: 0.2,
    });
    expect((await metrics.exposition.text(undefined)).body).not.toContain("secret-word");
  });
});
