import { INCIDENT_SEVERITIES, type IncidentSeverity } from "../operations/incident.ts";
import { Histogram, type Registry } from "./prometheus.ts";

/** Edges in seconds, from a blip to three days. */
const BUCKETS = [10, 30, 60, 120, 300, 600, 1800, 3600, 14_400, 43_200, 86_400, 259_200];

/** `headroom_incident_duration_seconds`. */
export function incidentDurationMetrics(
  registry: Registry,
): (severity: IncidentSeverity, seconds: number) => void {
  const duration = new Histogram({
    name: "headroom_incident_duration_seconds",
    help: "Time from an incident's first alert to its last one's end, observed when it is resolved.",
    labelNames: ["severity"],
    buckets: BUCKETS,
    registers: [registry],
  });
  for (const severity of INCIDENT_SEVERITIES) duration.zero({ severity });
  return (severity, seconds) => duration.observe({ severity }, seconds);
}
