import { setTimeout as sleep } from "node:timers/promises";
import { type Screen, wrap } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { say } from "./progress.ts";

/** What is read of an alert of Prometheus' `/api/v1/alerts`. */
export interface ToldAlert {
  readonly state: string;
  /** When its condition began to hold, ISO 8601. */
  readonly activeAt: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Rules of a run are evaluated every second; nobody reads faster than this. */
const PERIOD_MS = 2_000;

/**
 * Says when an alert begins to fire, with what to do and its runbook, and when it is over, until the signal
 * aborts. Alerts of severity `info`, of which nobody is notified, are left out. A Prometheus that does not
 * answer tells nothing, which is no end of what fires.
 *
 * @param prometheus - its address
 * @param instance - only alerts of this exporter, as host and port; all when absent
 */
export async function tellAlerts(
  prometheus: string,
  { signal, instance, tell = say }: { signal: AbortSignal; instance?: string; tell?: typeof say },
): Promise<void> {
  let known = new Map<string, ToldAlert>();
  while (!signal.aborted) {
    const alerts = await alertsAt(prometheus, signal).catch(() => undefined);
    if (alerts) {
      const now = new Map(
        alerts
          .filter(({ state, labels }) => state === "firing" && labels["severity"] !== "info")
          .filter(({ labels }) => instance === undefined || labels["instance"] === instance)
          .map((alert) => [JSON.stringify(alert.labels), alert]),
      );
      for (const line of changes(known, now, new Date(), screenOn(process.stderr))) tell(line);
      known = now;
    }
    await sleep(PERIOD_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** The alerts of a Prometheus whose condition holds, pending and firing ones. */
export async function alertsAt(
  prometheus: string,
  signal: AbortSignal,
): Promise<readonly ToldAlert[]> {
  const response = await fetch(`${prometheus}/api/v1/alerts`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(5 * PERIOD_MS)]),
  });
  const { data } = (await response.json()) as { data: { alerts: readonly ToldAlert[] } };
  return data.alerts;
}

/** What began to fire and what is over, a text each, for a screen. */
export function changes(
  before: ReadonlyMap<string, ToldAlert>,
  now: ReadonlyMap<string, ToldAlert>,
  at: Date,
  screen: Screen,
): readonly string[] {
  const lines = (text: string) => wrap(text, screen.columns, screen).join("\n");
  const time = at.toTimeString().slice(0, 8);
  const began = [...now].filter(([key]) => !before.has(key));
  const ended = [...before].filter(([key]) => !now.has(key));
  return [
    ...began.map(([, { labels, annotations }]) => {
      const { alertname, severity } = labels;
      const firing = screen.paint("FIRING", severity === "critical" ? "bad" : "near");
      const { summary, action, runbook_url: runbook } = annotations;
      return [
        lines(`${time} ${firing} ${alertname} (${severity}): ${summary}`),
        ...(action ? [lines(`  Do first: ${action}`)] : []),
        `  ${runbook}`,
      ].join("\n");
    }),
    ...ended.map(([, { labels, activeAt }]) => {
      const seconds = Math.round((at.getTime() - Date.parse(activeAt)) / 1_000);
      const resolved = screen.paint("RESOLVED", "good");
      return lines(
        `${time} ${resolved} ${labels["alertname"]} (${labels["severity"]}) after ${seconds} s`,
      );
    }),
  ];
}
