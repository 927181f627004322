import type { Incident } from "@headroom/incidents/records/incident";
import type { DrillStack } from "./drill-stack.ts";

/** Where an alert stands in Prometheus; it holds no others. */
export type AlertState = "pending" | "firing";

/** What can be seen at one moment. */
export interface Sight {
  /** By name; an alert that fires for any series counts as firing. */
  readonly alerts: ReadonlyMap<string, AlertState>;
  /** Alerts that the incidents process has been told of since it started. */
  readonly notified: number;
  /** Whether requests have arrived within the rules' window. */
  readonly busy: boolean;
  readonly incidents: readonly Incident[];
}

/** Looks at Prometheus and at the incidents. A process that is down was told nothing. */
export async function look(stack: DrillStack): Promise<Sight> {
  const [alerts, notified, busy, incidents] = await Promise.all([
    alertsAt(stack.prometheus),
    notificationsAt(stack.told),
    isBusy(stack.prometheus),
    stack.incidents.list(),
  ]);
  return {
    alerts,
    notified,
    busy,
    incidents: [...incidents.values()].map(({ incident }) => incident),
  };
}

/** The alerts that Prometheus knows of, by name. */
export async function alertsAt(prometheus: string): Promise<ReadonlyMap<string, AlertState>> {
  const { alerts } = await ask<{
    alerts: { labels: { alertname: string }; state: AlertState }[];
  }>(`${prometheus}/api/v1/alerts`);
  const states = new Map<string, AlertState>();
  for (const { labels, state } of alerts) {
    if (states.get(labels.alertname) !== "firing") states.set(labels.alertname, state);
  }
  return states;
}

async function isBusy(prometheus: string): Promise<boolean> {
  const query = '{__name__=~"instance:sentiment_requests:rate.+"} > 0';
  const { result } = await ask<{ result: unknown[] }>(
    `${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`,
  );
  return result.length > 0;
}

async function ask<T>(url: string): Promise<T> {
  try {
    return ((await (await fetch(url)).json()) as { data: T }).data;
  } catch (error) {
    throw new Error(`Prometheus does not answer ${url}; its log says why`, { cause: error });
  }
}

async function notificationsAt(told: string): Promise<number> {
  const text = await fetch(`${told}/metrics`).then(
    (answer) => answer.text(),
    () => "",
  );
  const counts = text.matchAll(/^headroom_alert_notifications_total\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
