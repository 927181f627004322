import { setTimeout as sleep } from "node:timers/promises";
import { LIMITS } from "@headroom/alerts/limits";
import { DEFAULT_RULE_OPTIONS } from "@headroom/alerts/rules/options";
import { dashboards } from "@headroom/provisioning/grafana-files/dashboards";
import { parseMetrics } from "@headroom/loadtest/report/prometheus-text";
import { folderWithin } from "../places.ts";
import { startRuledPrometheus } from "../ruled-prometheus.ts";
import { PROMETHEUS_PORT } from "../services.ts";
import { Session } from "../session.ts";
import { type Scrape, serveTargets } from "./generated-targets.ts";
import type { Trial } from "./trial.ts";

/** What a Prometheus with the committed rules does for so many exporters. */
export interface Watched {
  readonly exporters: number;
  readonly series: number;
  readonly samplesPerSecond: number;
  /** Cores that it took on average, and its memory. */
  readonly cores: number;
  readonly bytes: number;
  /** One evaluation of all rules, and of the group that takes longest, in seconds. */
  readonly ruleSeconds: number;
  readonly slowestGroup: { readonly name: string; readonly seconds: number };
  /** By dashboard: samples that all its queries read for an hour. */
  readonly read: ReadonlyMap<string, number>;
}

/** The committed pace: four scrapes of 5 s more than the window, so that every rule has what it reads. */
const INTERVAL_SECONDS = 5;
const WARM_SECONDS = DEFAULT_RULE_OPTIONS.pace.windowSeconds + 4 * INTERVAL_SECONDS;
const LOOK_SECONDS = 20;

/** What Grafana asks for on a screen: a point in 15 s. */
const POINTS_AN_HOUR = 240;

/** Lets a Prometheus scrape so many generated exporters, and looks at what it takes. */
export async function watchExporters(
  exporters: number,
  scrapes: readonly [Scrape, Scrape],
  { session, tools }: Trial,
): Promise<Watched> {
  const targets = await serveTargets(exporters, scrapes);
  const folder = await folderWithin(session.folder, `exporters-${exporters}`);
  const { activity, signal, say } = session;
  const own = new Session({ activity, signal, say, folder });
  try {
    const port = await own.port("prometheus", PROMETHEUS_PORT);
    const prometheus = await startRuledPrometheus(own, tools.prometheus, {
      ...{ port, exporter: targets.urls, intervalSeconds: INTERVAL_SECONDS, rules: {} },
      // Nothing depends on it; it counts as one that is down.
      incidents: targets.urls[0]!.replace(/\d+$/, "9"),
    });
    await sleep(1000 * WARM_SECONDS, undefined, { signal });
    const before = await ownFigures(prometheus);
    await sleep(1000 * LOOK_SECONDS, undefined, { signal });
    const after = await ownFigures(prometheus);
    const perSecond = (name: string) => (after.sum(name) - before.sum(name)) / LOOK_SECONDS;
    const groups = after.all("prometheus_rule_group_last_duration_seconds");
    const [slowest] = groups.toSorted((a, b) => b.value - a.value);
    return {
      exporters,
      series: after.sum("prometheus_tsdb_head_series"),
      samplesPerSecond: perSecond("prometheus_tsdb_head_samples_appended_total"),
      cores: perSecond("process_cpu_seconds_total"),
      bytes: after.sum("process_resident_memory_bytes"),
      ruleSeconds: after.sum("prometheus_rule_group_last_duration_seconds"),
      slowestGroup: {
        name: slowest!.labels["rule_group"]!.replace(/^.*;/, ""),
        seconds: slowest!.value,
      },
      read: await samplesRead(prometheus),
    };
  } finally {
    await own.stop();
    targets.close();
  }
}

async function ownFigures(prometheus: string) {
  const samples = parseMetrics(await (await fetch(`${prometheus}/metrics`)).text());
  const all = (wanted: string) => samples.filter(({ name }) => name === wanted);
  return {
    all,
    sum: (wanted: string) => all(wanted).reduce((total, { value }) => total + value, 0),
  };
}

interface Target {
  readonly expr: string;
  /** Asked for the newest value only, and not for a curve. */
  readonly instant?: boolean;
}

/** What Prometheus says that the queries of each dashboard read, for all exporters and an hour. */
async function samplesRead(prometheus: string): Promise<ReadonlyMap<string, number>> {
  const made = dashboards({ limits: LIMITS, origin: "", runbooks: "", dashboards: "" });
  const read = new Map<string, number>();
  for (const dashboard of made) {
    let samples = 0;
    for (const { expr, instant } of targetsOf(dashboard)) {
      const query = expr
        .replace(/\$__(rate_interval|range)/g, "1m")
        .replace(/\$(instance|model)/g, ".*");
      const asked = new URLSearchParams({ query, stats: "all" });
      const answer = await fetch(`${prometheus}/api/v1/query?${asked}`);
      const { data } = (await answer.json()) as {
        data?: { stats: { samples: { totalQueryableSamples: number } } };
      };
      if (!data) throw new Error(`Prometheus refuses the query ${query} of ${dashboard.uid}`);
      samples += data.stats.samples.totalQueryableSamples * (instant ? 1 : POINTS_AN_HOUR);
    }
    read.set(dashboard.uid, samples);
  }
  return read;
}

function targetsOf(dashboard: object): readonly Target[] {
  const targets: Target[] = [];
  JSON.stringify(dashboard, (_key, value: unknown) => {
    if (typeof value === "object" && value !== null && "expr" in value)
      targets.push(value as Target);
    return value;
  });
  return targets;
}
