import {
  counter,
  createExposition,
  histogram,
  readGauge,
} from "@headroom/exporter/metrics/prometheus";
import { runtimeMetrics } from "@headroom/exporter/metrics/runtime";
import { INCIDENT_SEVERITIES, type IncidentSeverity } from "./records/incident.ts";

/**
 * What became of an alert: filed, `failed` when the disk did not take it, or `truncated` when the sender
 * left it out. `refused` counts whole notifications that were not read as such.
 */
const OUTCOMES = [
  ...(["opened", "added", "resolved", "repeated"] as const),
  ...(["failed", "truncated", "refused"] as const),
];

/** Edges in seconds, from a blip to three days. */
const DURATION_BUCKETS = [10, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 43_200, 86_400, 259_200];

/** Everything that the incidents process measures about itself. */
export type Metrics = ReturnType<typeof createMetrics>;

/** Creates all metrics in one registry, and samples the event loop until they are closed. */
export function createMetrics() {
  const exposition = createExposition();
  const { registry } = exposition;
  const stopSampling = runtimeMetrics(registry);
  const notifications = counter(registry, {
    name: "headroom_alert_notifications_total",
    help: "Alerts that were notified, by what became of them; refused counts whole notifications.",
    labels: { outcome: OUTCOMES },
  });
  const duration = histogram(registry, {
    name: "headroom_incident_duration_seconds",
    help: "Time from an incident's first alert to its last one's end, observed when it is resolved.",
    labels: { severity: INCIDENT_SEVERITIES },
    buckets: DURATION_BUCKETS,
  });
  return {
    exposition,
    notified(outcome: (typeof OUTCOMES)[number], count: number): void {
      notifications.inc({ outcome }, count);
    },
    resolved(severity: IncidentSeverity, seconds: number): void {
      duration.observe({ severity }, seconds);
    },
    /**
     * Adds `headroom_incidents_open`, read from the disk at each scrape, where a person may have closed some.
     *
     * @param open - when it fails, nothing is shown: the number is not known then
     */
    watch(open: () => Promise<ReadonlyMap<IncidentSeverity, number>>): void {
      readGauge(
        registry,
        {
          name: "headroom_incidents_open",
          help: "Incidents that are open, by severity.",
          labels: ["severity"],
        },
        async () => {
          const counts = await open().catch(() => undefined);
          if (!counts) return [];
          return INCIDENT_SEVERITIES.map((severity) => [{ severity }, counts.get(severity) ?? 0]);
        },
      );
    },
    close: stopSampling,
  };
}
