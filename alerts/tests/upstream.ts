import { limit } from "../limits.ts";
import { JOBS, type RuleOptions } from "../rules/options.ts";
import { UPSTREAM_METRICS } from "../upstream-metrics.ts";
import {
  type AlertCase,
  exporterUp,
  type Firing,
  moments,
  phases,
  schedule,
  silence,
} from "./case.ts";
import { gauge, INSTANCE, series } from "./timeline.ts";

const DOWN = "HeadroomUpstreamDown";
const FULL = "HeadroomKvCacheFull";

/** The model server behind the exporter: gone, or with a full cache. */
export function upstreamCases(options: RuleOptions): AlertCase[] {
  return [...downCases(options), ...fullCases(options)];
}

function downCases({ pace }: RuleOptions): AlertCase[] {
  const when = schedule(pace, pace.patienceSeconds.critical, "now");
  // It goes on until a window has passed twice.
  const resolved = when.resolved + 2 * pace.windowSeconds;
  return [
    {
      alert: DOWN,
      title: "fires when the model server is gone and resolves when it is back",
      series: [
        exporterUp(when),
        gauge(series("headroom_upstream_up"), phases({ allowed: 1, broken: 0 }, when)),
      ],
      moments: moments({ ...when, resolved }, [{ alert: DOWN }]),
      prints: { "{{ $labels.instance }}": INSTANCE },
    },
    {
      alert: DOWN,
      title: "does not fire for an exporter without a model server",
      series: [exporterUp(when)],
      moments: silence(when, "no series"),
    },
  ];
}

function fullCases(options: RuleOptions): AlertCase[] {
  const allowed = limit("kv_cache", "warning", options.limits);
  if (allowed.bound !== "upper") throw new TypeError("the KV cache has an upper limit");
  const { upper } = allowed;
  const when = schedule(options.pace, options.pace.patienceSeconds.warning, "now");
  // As it is scraped: with the exporter's address, and whatever labels a server adds.
  const firing: Firing = { alert: FULL };
  const used = (name: string, labels: Readonly<Record<string, string>>, broken: number) =>
    gauge(
      series(name, { job: JOBS.upstream, ...labels }),
      phases({ allowed: upper - 0.01, broken }, when),
    );
  const names = UPSTREAM_METRICS["upstream:kv_cache_usage:ratio"].names;
  return [
    ...names.map((name): AlertCase => ({
      alert: FULL,
      title: `follows ${name} over the limit and back`,
      series: [exporterUp(when), used(name, { model_name: "m" }, upper)],
      moments: moments(when, [firing]),
      prints: {
        "{{ $labels.instance }}": INSTANCE,
        "{{ $value | humanizePercentage }}": `${100 * upper}%`,
      },
    })),
    {
      alert: FULL,
      title: "judges the fullest of several engines, and tells of it once",
      series: [
        exporterUp(when),
        used("vllm:kv_cache_usage_perc", { engine: "0" }, 0.1),
        used("vllm:kv_cache_usage_perc", { engine: "1" }, upper),
      ],
      moments: moments(when, [firing]),
    },
    {
      alert: FULL,
      title: "leaves servers alone that are not behind an exporter",
      series: [exporterUp(when), used("vllm:kv_cache_usage_perc", { job: "others" }, upper)],
      moments: silence(when, "another job"),
    },
  ];
}
