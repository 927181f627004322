import { Counter, Gauge, Histogram } from "@headroom/exporter/metrics/prometheus";
import { createExposition, type Exposition } from "@headroom/exporter/metrics/registry";
import { runtimeMetrics } from "@headroom/exporter/metrics/runtime";
import { INCIDENT_SEVERITIES, type IncidentSeverity } from "./records/incident.ts";
import type { Filing } from "./records/file-notification.ts";
import type { IncidentObserver } from "./records/incidents.ts";

/**
 * What became of an alert: filed, `failed` when the disk did not take it, or `truncated` when the sender
 * left it out. `refused` counts whole notifications that were not read as such.
 */
export type NotificationOutcome = Filing | "failed" | "truncated" | "refused";

const OUTCOMES: readonly NotificationOutcome[] = [
  ...(["opened", "added", "resolved", "repeated"] as const),
  ...(["failed", "truncated", "refused"] as const),
];

/** Edges in seconds, from a blip to three days. */
const DURATION_BUCKETS = [10, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 43_200, 86_400, 259_200];

/** Everything that the incidents process measures about itself. */
export interface Metrics extends IncidentObserver {
  readonly exposition: Exposition;
  notified(outcome: NotificationOutcome, count: number): void;
  /**
   * Adds `headroom_incidents_open`, read from the disk at each scrape, where a person may have closed some.
   *
   * @param open - when it fails, nothing is shown: the number is not known then
   */
  watch(open: () => Promise<ReadonlyMap<IncidentSeverity, number>>): void;
  /** Stops the timers. */
  close(): void;
}

/** Creates all metrics in one registry. */
export function createMetrics(): Metrics {
  const exposition = createExposition();
  const registers = [exposition.registry];
  const notifications = new Counter({
    name: "headroom_alert_notifications_total",
    help: "Alerts that were notified, by what became of them; refused counts whole notifications.",
    labelNames: ["outcome"],
    registers,
  });
  // A rate needs a first value before the first event.
  for (const outcome of OUTCOMES) notifications.inc({ outcome }, 0);
  const duration = new Histogram({
    name: "headroom_incident_duration_seconds",
    help: "Time from an incident's first alert to its last one's end, observed when it is resolved.",
    labelNames: ["severity"],
    buckets: DURATION_BUCKETS,
    registers,
  });
  for (const severity of INCIDENT_SEVERITIES) duration.zero({ severity });
  return {
    exposition,
    notified: (outcome, count) => notifications.inc({ outcome }, count),
    resolved: (severity, seconds) => duration.observe({ severity }, seconds),
    watch(open) {
      new Gauge({
        name: "headroom_incidents_open",
        help: "Incidents that are open, by severity.",
        labelNames: ["severity"],
        registers,
        async collect() {
          const counts = await open().catch(() => undefined);
          this.reset();
          if (!counts) return;
          for (const severity of INCIDENT_SEVERITIES) {
            this.set({ severity }, counts.get(severity) ?? 0);
          }
        },
      });
    },
    close: runtimeMetrics(exposition.registry),
  };
}
