import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { samplesOf } from "@headroom/exporter/metrics/testing/samples";
import type { Incident } from "./records/incident.ts";
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
    let open = async () => [incident({ severity: "critical" })];
    metrics.watch(
      () => open(),
      async () => ["HeadroomMemoryHigh"],
    );
    const series = (severity: string) => `headroom_incidents_open{severity="${severity}"}`;
    let samples = await samplesOf(metrics.exposition);
    expect([samples.get(series("critical")), samples.get(series("info"))]).toEqual([1, 0]);
    open = () => Promise.reject(new Error("no disk"));
    samples = await samplesOf(metrics.exposition);
    expect(samples.has(series("critical"))).toBe(false);
  });

  it("show when the incidents of known alerts and exporters began, the newest of each", async () => {
    const many = Array.from({ length: 80 }, (_, i) =>
      incident({ scope: `old-${i}:9700`, started: "2026-01-01T00:00:00.000Z" }),
    );
    const open = [
      ...many,
      incident({ started: "2026-01-02T00:00:00.000Z" }),
      incident({ started: "2026-01-03T00:00:00.000Z" }),
      incident({ scope: "" }),
      incident({ alert: "Whatever somebody wrote" }),
      incident({ scope: '"} 1\nheadroom_limit 0' }),
      incident({ scope: "x".repeat(10_000) }),
    ];
    metrics.watch(
      async () => open,
      async () => ["HeadroomMemoryHigh"],
    );
    const samples = await samplesOf(metrics.exposition);
    const shown = [...samples].filter(([name]) => name.startsWith("headroom_incident_started"));
    expect(shown.length).toBeGreaterThan(2);
    expect(shown.length).toBeLessThanOrEqual(50);
    const series = (exporter: string) =>
      `headroom_incident_started_timestamp_seconds{alert="HeadroomMemoryHigh",exporter="${exporter}",severity="warning"}`;
    const seconds = (text: string) => Date.parse(text) / 1000;
    expect(samples.get(series("127.0.0.1:9700"))).toBe(seconds("2026-01-03"));
    expect(samples.get(series(""))).toBe(seconds("2026-01-02T03:04:05Z"));
    for (const [name] of shown) expect(name).toMatch(/exporter="(old-\d+:9700|127.0.0.1:9700|)"/);
  });
});

/** An open one. */
function incident(own: Partial<Incident>): Incident {
  return {
    ...{ id: "one", status: "open", alert: "HeadroomMemoryHigh", severity: "warning" },
    ...{ scope: "127.0.0.1:9700", started: "2026-01-02T03:04:05.000Z" },
    ...{ labels: {}, values: {}, links: {}, snapshot: "off", alerts: [] },
    ...own,
  };
}
