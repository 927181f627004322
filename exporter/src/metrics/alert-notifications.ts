import type { Filing } from "../operations/file-notification.ts";
import { Counter, type Registry } from "./prometheus.ts";

/**
 * What became of an alert: filed, or `failed` when the disk did not take it. `refused` counts whole
 * notifications that were not read as such.
 */
export type NotificationOutcome = Filing | "failed" | "refused";

const OUTCOMES: readonly NotificationOutcome[] = [
  ...(["opened", "added", "resolved", "repeated"] as const),
  ...(["failed", "refused"] as const),
];

/** `headroom_alert_notifications_total`. */
export function alertNotificationMetrics(
  registry: Registry,
): (outcome: NotificationOutcome, count: number) => void {
  const total = new Counter({
    name: "headroom_alert_notifications_total",
    help: "Alerts that were notified, by what became of them; refused counts whole notifications.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  for (const outcome of OUTCOMES) total.inc({ outcome }, 0);
  return (outcome, count) => total.inc({ outcome }, count);
}
