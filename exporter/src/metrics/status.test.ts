import { beforeEach, describe, expect, it } from "@jest/globals";
import { STATUS_TARGET_SECONDS, type StatusScenario } from "@headroom/alerts/limits";
import { OUTCOMES } from "../http/outcome.ts";
import { FALLBACK_REASONS } from "../status/answer.ts";
import { createExposition, type Exposition } from "./prometheus.ts";
import { chatQueueMetrics, statusMetrics, type StatusMetrics } from "./status.ts";
import { samplesOf } from "./testing/samples.ts";

const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

let exposition: Exposition;
let metrics: StatusMetrics;
beforeEach(() => {
  exposition = createExposition();
  metrics = statusMetrics(exposition.registry);
});

const requests = (scenario: string, outcome: string) =>
  `headroom_status_requests_total{scenario="${scenario}",outcome="${outcome}"}`;

describe("the status metrics", () => {
  it("start every label at 0, so that a rate sees the first event", async () => {
    const samples = await samplesOf(exposition);
    for (const outcome of OUTCOMES) {
      expect(samples.get(requests("unknown", outcome))).toBe(0);
      for (const scenario of SCENARIOS) {
        expect(samples.get(requests(scenario, outcome))).toBe(0);
      }
    }
    for (const reason of FALLBACK_REASONS) {
      expect(samples.get(`headroom_status_fallbacks_total{reason="${reason}"}`)).toBe(0);
    }
    for (const scenario of SCENARIOS) {
      expect(samples.get(`headroom_status_ungrounded_total{scenario="${scenario}"}`)).toBe(0);
      expect(samples.get(`headroom_status_duration_seconds_count{scenario="${scenario}"}`)).toBe(0);
    }
  });

  it("have no series that was not there before, whatever happens", async () => {
    const before = [...(await samplesOf(exposition)).keys()];
    for (const outcome of OUTCOMES) {
      metrics.finished({ scenario: "unknown", outcome, seconds: 1 });
      for (const scenario of SCENARIOS) {
        metrics.finished({ scenario, outcome, seconds: 1 });
      }
    }
    for (const fallback of [...FALLBACK_REASONS, undefined]) {
      metrics.summarised("disk-analysis", fallback);
    }
    expect([...(await samplesOf(exposition)).keys()]).toEqual(before);
  });

  it.each(SCENARIOS)("have a bucket edge at the target of %s", async (scenario) => {
    const target = STATUS_TARGET_SECONDS[scenario];
    const bucket = (le: number) =>
      `headroom_status_duration_seconds_bucket{le="${le}",scenario="${scenario}"}`;
    metrics.finished({ scenario, outcome: "ok", seconds: target });
    metrics.finished({ scenario, outcome: "ok", seconds: target + 1e-9 });
    expect((await samplesOf(exposition)).get(bucket(target))).toBe(1);
  });

  it("count a request by how it ended, and its time unless it is not known what it asked", async () => {
    metrics.finished({ scenario: "quick-status", outcome: "ok", seconds: 0.2 });
    metrics.finished({
      scenario: "unknown",
      outcome: "client_error",
      seconds: 9,
    });
    const samples = await samplesOf(exposition);
    expect(samples.get(requests("quick-status", "ok"))).toBe(1);
    expect(samples.get(requests("unknown", "client_error"))).toBe(1);
    expect(samples.get('headroom_status_duration_seconds_sum{scenario="quick-status"}')).toBe(0.2);
    const counts = [...samples].filter(([name]) =>
      name.startsWith("headroom_status_duration_seconds_count"),
    );
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(1);
  });

  it("count why a summary is not the model's, and for which scenario it left its grammar", async () => {
    metrics.summarised("disk-analysis", undefined);
    metrics.summarised("disk-analysis", "deadline");
    metrics.summarised("disk-analysis", "ungrounded");
    const samples = await samplesOf(exposition);
    expect(samples.get('headroom_status_fallbacks_total{reason="deadline"}')).toBe(1);
    expect(samples.get('headroom_status_fallbacks_total{reason="ungrounded"}')).toBe(1);
    expect(samples.get('headroom_status_fallbacks_total{reason="no_model"}')).toBe(0);
    expect(samples.get('headroom_status_ungrounded_total{scenario="disk-analysis"}')).toBe(1);
  });
});

it("the queue of the chat model is read at each scrape", async () => {
  let waiting = 3;
  chatQueueMetrics(exposition.registry, { waiting: () => waiting, busy: () => 1 });
  expect((await samplesOf(exposition)).get("headroom_status_queue_depth")).toBe(3);
  waiting = 0;
  const samples = await samplesOf(exposition);
  expect([
    samples.get("headroom_status_queue_depth"),
    samples.get("headroom_status_sequences_in_use"),
  ]).toEqual([0, 1]);
});
