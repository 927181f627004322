import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { samplesOf } from "@headroom/exporter/metrics/testing/samples";
import { createMetrics, type Metrics } from "./metrics.ts";

let metrics: Metrics;
beforeEach(() => void (metrics = createMetrics()));
afterEach(() => metrics.close());

describe("the metrics of incidents", () => {
  it("count alerts by what became of them, from 0", async () => {
    metrics.notified("opened", 2);
    const samples = await samplesOf(metrics.exposition);
    const total = (outcome: string) =>
      samples.get(`headroom_alert_notifications_total{outcome="${outcome}"}`);
    expect(total("opened")).toBe(2);
    for (const outcome of ["added", "resolved", "repeated", "failed", "truncated", "refused"]) {
      expect(total(outcome)).toBe(0);
    }
  });

  it("observe how long incidents took", async () => {
    metrics.resolved("warning", 600);
    const samples = await samplesOf(metrics.exposition);
    const bucket = (le: number) =>
      samples.get(`headroom_incident_duration_seconds_bucket{le="${le}",severity="warning"}`);
    expect([bucket(300), bucket(600)]).toEqual([0, 1]);
  });

  it("show open incidents as they are now, and nothing when that is not known", async () => {
    let open = async () => new Map([["critical" as const, 1]]);
    metrics.watch(() => open());
    const series = (severity: string) => `headroom_incidents_open{severity="${severity}"}`;
    let samples = await samplesOf(metrics.exposition);
    expect([samples.get(series("critical")), samples.get(series("info"))]).toEqual([1, 0]);
    open = () => Promise.reject(new Error("no disk"));
    samples = await samplesOf(metrics.exposition);
    expect(samples.has(series("critical"))).toBe(false);
  });
});
