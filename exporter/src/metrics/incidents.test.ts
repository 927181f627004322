import { describe, expect, it } from "@jest/globals";
import { alertNotificationMetrics } from "./alert-notifications.ts";
import { incidentDurationMetrics } from "./incident-duration.ts";
import { openIncidentsMetrics } from "./incidents-open.ts";
import { createExposition } from "./registry.ts";
import { samplesOf } from "./testing/samples.ts";

describe("the metrics of incidents", () => {
  it("count alerts by what became of them, from 0", async () => {
    const exposition = createExposition();
    const notified = alertNotificationMetrics(exposition.registry);
    notified("opened", 2);
    const samples = await samplesOf(exposition);
    const total = (outcome: string) =>
      samples.get(`headroom_alert_notifications_total{outcome="${outcome}"}`);
    expect(total("opened")).toBe(2);
    for (const outcome of ["added", "resolved", "repeated", "failed", "refused"]) {
      expect(total(outcome)).toBe(0);
    }
  });

  it("observe how long incidents took", async () => {
    const exposition = createExposition();
    incidentDurationMetrics(exposition.registry)("warning", 600);
    const samples = await samplesOf(exposition);
    const bucket = (le: number) =>
      samples.get(`headroom_incident_duration_seconds_bucket{le="${le}",severity="warning"}`);
    expect([bucket(300), bucket(600)]).toEqual([0, 1]);
  });

  it("show open incidents as they are now, and nothing when that is not known", async () => {
    const exposition = createExposition();
    let open = async () => new Map([["critical" as const, 1]]);
    openIncidentsMetrics(exposition.registry, () => open());
    const series = (severity: string) => `headroom_incidents_open{severity="${severity}"}`;
    let samples = await samplesOf(exposition);
    expect([samples.get(series("critical")), samples.get(series("info"))]).toEqual([1, 0]);
    open = () => Promise.reject(new Error("no disk"));
    samples = await samplesOf(exposition);
    expect(samples.has(series("critical"))).toBe(false);
  });
});
