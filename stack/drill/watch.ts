import { setTimeout as sleep } from "node:timers/promises";
import type { Incident } from "@headroom/incidents/records/incident";
import type { DrillStack } from "./drill-stack.ts";
import { DRILL_PACE } from "./rules.ts";

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

const LOOK_MS = 100;

/** Something did not happen in time. */
export class Missed extends Error {}

/** Looks at a stack again and again, and remembers what fired. */
export class Watch {
  /** Names of all alerts that were seen firing. */
  readonly fired = new Set<string>();
  readonly #stack: DrillStack;
  readonly #signal: AbortSignal;

  constructor(stack: DrillStack, signal: AbortSignal) {
    this.#stack = stack;
    this.#signal = signal;
  }

  /**
   * Looks until something can be seen.
   *
   * @param what - what is waited for, in words
   * @throws Missed when it cannot be seen in time, or the signal's reason
   */
  async until(what: string, seconds: number, holds: (sight: Sight) => boolean): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    for (;;) {
      const sight = await look(this.#stack);
      for (const [name, state] of sight.alerts) if (state === "firing") this.fired.add(name);
      if (holds(sight)) return;
      this.#signal.throwIfAborted();
      if (performance.now() > end) throw new Missed(`not ${what} within ${seconds} s`);
      await sleep(LOOK_MS);
    }
  }

  /**
   * Looks until there is a load, and no alert is even pending for a whole window.
   *
   * @throws Missed that says what kept it from being quiet, or the signal's reason
   */
  async untilQuiet(seconds: number): Promise<void> {
    let quietSince = Infinity;
    let noise = "";
    const quiet = ({ alerts, busy }: Sight): boolean => {
      noise = [...alerts.keys()].join(", ") || (busy ? "" : "no request arrives");
      quietSince = noise === "" ? Math.min(quietSince, performance.now()) : Infinity;
      return performance.now() - quietSince >= 1000 * DRILL_PACE.windowSeconds;
    };
    await this.until("quiet", seconds, quiet).catch((error: unknown) => {
      if (!(error instanceof Missed)) throw error;
      throw new Missed(`${error.message} before the fault: ${noise}`);
    });
  }
}

/** Looks at Prometheus and at the incidents. A process that is down was told nothing. */
async function look(stack: DrillStack): Promise<Sight> {
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
