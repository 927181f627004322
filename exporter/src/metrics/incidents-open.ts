import { INCIDENT_SEVERITIES, type IncidentSeverity } from "../operations/incident.ts";
import { Gauge, type Registry } from "./prometheus.ts";

/**
 * `headroom_incidents_open`, read from the disk at each scrape, where a person may have closed some.
 *
 * @param open - when it fails, nothing is shown: the number is not known then
 */
export function openIncidentsMetrics(
  registry: Registry,
  open: () => Promise<ReadonlyMap<IncidentSeverity, number>>,
): void {
  new Gauge({
    name: "headroom_incidents_open",
    help: "Incidents that are open, by severity.",
    labelNames: ["severity"],
    registers: [registry],
    async collect() {
      const counts = await open().catch(() => undefined);
      this.reset();
      if (!counts) return;
      for (const severity of INCIDENT_SEVERITIES) {
        this.set({ severity }, counts.get(severity) ?? 0);
      }
    },
  });
}
