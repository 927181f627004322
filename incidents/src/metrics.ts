import {
  counter,
  createExposition,
  histogram,
  readGauge,
} from "@headroom/exporter/metrics/prometheus";
import { runtimeMetrics } from "@headroom/exporter/metrics/runtime";
import { INCIDENT_SEVERITIES, type Incident, type IncidentSeverity } from "./records/incident.ts";

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

/** The newest ones are marked on graphs; a thousand lines say nothing, and would be a thousand series. */
const MOST_SHOWN = 50;

/** As Prometheus names what it scrapes, or nothing. Whoever sends an alert may write anything there. */
const EXPORTER = /^[\w.:[\]-]{0,100}$/;

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
     * Adds `headroom_incidents_open` and, of those about an alert with a runbook, when they began. Both are
     * read from the disk at each scrape, where a person may have closed some.
     *
     * @param open - when it fails, nothing is shown: it is not known then
     * @param alerts - the names of the alerts that have a runbook: what others are called may be anything
     */
    watch(
      open: () => Promise<readonly Incident[]>,
      alerts: () => Promise<readonly string[]>,
    ): void {
      // Both ask within one scrape, and get one answer.
      let reading: ReturnType<typeof open> | undefined;
      const read = () => (reading ??= open().finally(() => (reading = undefined)));
      readGauge(
        registry,
        {
          name: "headroom_incidents_open",
          help: "Incidents that are open, by severity.",
          labels: ["severity"],
        },
        async () => {
          const incidents = await read().catch(() => undefined);
          if (!incidents) return [];
          const count = (severity: IncidentSeverity) =>
            incidents.filter((one) => one.severity === severity).length;
          return INCIDENT_SEVERITIES.map((severity) => [{ severity }, count(severity)]);
        },
      );
      readGauge(
        registry,
        {
          name: "headroom_incident_started_timestamp_seconds",
          help: "When the newest open incident of an alert and an exporter began, Unix time.",
          labels: ["alert", "exporter", "severity"],
        },
        async () => {
          const incidents = await read().catch((): readonly Incident[] => []);
          const known = await alerts();
          return incidents
            .filter(({ alert, scope }) => known.includes(alert) && EXPORTER.test(scope))
            .sort((a, b) => b.started.localeCompare(a.started))
            .slice(0, MOST_SHOWN)
            .reverse()
            .map(({ alert, scope: exporter, severity, started }) => [
              { alert, exporter, severity },
              Date.parse(started) / 1000,
            ]);
        },
      );
    },
    close: stopSampling,
  };
}
