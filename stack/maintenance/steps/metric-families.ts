import type { ExporterState } from "../exporter-reader.ts";
import { checkedRow, type Row } from "../row.ts";
import { SECONDS, type Step } from "../step.ts";

/** Gauges and counters that move as long as the process lives; the others may rest for good reasons. */
const NEVER_STILL = ["process_cpu_seconds_total", "nodejs_heap_size_used_bytes"] as const;

/** Whether every metric of the exporter arrives in Prometheus, is a number and moves. */
export const metricFamilies: Step = {
  id: "metric-families",
  title: "Every metric of the exporter arrives and is a number",
  async rows({ prometheus, exporter, matchers, at }) {
    const seen = await prometheus.names(matchers, at - SECONDS.month, at);
    const still: string[] = [];
    for (const name of NEVER_STILL) {
      const query = `max(changes(${name}{${matchers}}[5m])) == 0 and max(count_over_time(${name}{${matchers}}[5m])) > 1`;
      if (!Number.isNaN(await prometheus.value(query, at))) still.push(name);
    }
    return judgeFamilies(exporter, new Set(seen), still);
  },
};

/**
 * Judges the families of a metrics page.
 *
 * @param seen - names of the series that Prometheus has of the last month
 * @param still - metrics that should have moved and did not
 */
export function judgeFamilies(
  { page, samples }: Pick<ExporterState, "page" | "samples">,
  seen: ReadonlySet<string>,
  still: readonly string[],
): readonly Row[] {
  const families = [...page.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name!);
  const shown = new Set(samples.map(({ name }) => name));
  const series = (family: string): readonly string[] =>
    ["", "_bucket", "_sum", "_count"].map((end) => family + end).filter((name) => shown.has(name));
  const empty = families.filter((family) => series(family).length === 0);
  const missing = families.filter((family) => series(family).some((name) => !seen.has(name)));
  const broken = [
    ...new Set(samples.filter(({ value }) => Number.isNaN(value)).map((s) => s.name)),
  ];
  const arrived = families.length - empty.length - missing.length;
  return [
    checkedRow(
      {
        id: "metrics-arrive",
        title: "Metrics of the exporter in Prometheus, last month",
        observed: `${arrived} of ${families.length} families, ${empty.length} without a series`,
        limit: "all that have series",
      },
      missing.length === 0,
      {
        detail: `Missing: ${missing.join(", ")}. Does Prometheus drop them, or has it just started?`,
      },
      empty.length > 0 ? `Without a series now: ${empty.join(", ")}.` : "",
    ),
    named(
      "metrics-numbers",
      "Metrics that are no number",
      broken,
      "The exporter computes them wrongly.",
    ),
    named(
      "metrics-move",
      "Metrics that should move and are still",
      still,
      "The exporter hangs, or its page is cached on the way.",
    ),
  ];
}

const named = (id: string, title: string, names: readonly string[], detail: string): Row =>
  checkedRow(
    { id, title, observed: names.join(", ") || "none", limit: "none" },
    names.length === 0,
    { detail },
  );
