import { Gauge, type Registry } from "./prometheus.ts";
import type { Limit } from "../../../alerts/limits.ts";

/** `headroom_limit`: each edge of each limit, so that a dashboard draws the lines that alert. */
export function limitMetrics(registry: Registry, limits: readonly Limit[]): void {
  const gauge = new Gauge({
    name: "headroom_limit",
    help: "The limits in base units; a band has an upper and a lower edge.",
    labelNames: ["limit", "severity", "bound"],
    registers: [registry],
  });
  for (const l of limits) {
    const labels = { limit: l.id, severity: l.severity };
    if (l.bound !== "lower") gauge.set({ ...labels, bound: "upper" }, l.upper);
    if (l.bound !== "upper") gauge.set({ ...labels, bound: "lower" }, l.lower);
  }
}
