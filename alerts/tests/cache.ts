import { OPERATION_LIMITS } from "../limits.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import type { RuleOptions } from "../rules/options.ts";
import {
  type AlertCase,
  BUSY,
  exporterUp,
  moments,
  phases,
  silence,
  type Story,
  windowed,
} from "./case.ts";
import type { Series } from "./timeline.ts";
import { counter, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

const ALERT = "HeadroomCacheDegraded";

/** Lookups in Redis that fail, and writes. */
export function cacheCases(options: RuleOptions): AlertCase[] {
  const when = windowed(options, "warning");
  const atLimit = Math.round(BUSY * OPERATION_LIMITS.cacheErrors.upper);
  const few = ((EVIDENCE.requests - 1) * STEP_SECONDS) / options.pace.windowSeconds;
  const lookups = (tier: string, result: string, grows: Story<number>): Series =>
    counter(
      series("cache_requests_total", { cache: "sentiment", tier, result }),
      phases(grows, when),
    );
  const written = (tier: string, result: string, grows: Story<number>): Series =>
    counter(
      series("cache_writes_total", { cache: "sentiment", tier, result }),
      phases(grows, when),
    );
  const steady = (value: number): Story<number> => ({ allowed: value, broken: value });
  const silent = (title: string, what: string, input: readonly Series[]): AlertCase => ({
    alert: ALERT,
    title,
    series: [exporterUp(when), ...input],
    moments: silence(when, what),
  });
  const memoryAnswers = [
    lookups("memory", "hit", steady(BUSY)),
    lookups("memory", "miss", steady(BUSY)),
  ];
  return [
    {
      alert: ALERT,
      title: "follows the share of failed lookups over the limit and back",
      series: [
        exporterUp(when),
        ...memoryAnswers,
        lookups("redis", "error", { allowed: atLimit - 1, broken: atLimit }),
        lookups("redis", "miss", { allowed: BUSY - atLimit + 1, broken: BUSY - atLimit }),
      ],
      moments: moments(when, [{ alert: ALERT, labels: { tier: "redis" } }]),
      prints: {
        "{{ $labels.instance }}": INSTANCE,
        "{{ $value | humanizePercentage }}": `${(100 * atLimit) / BUSY}%`,
      },
    },
    {
      alert: ALERT,
      title: "follows the share of dropped writes while every lookup is answered",
      series: [
        exporterUp(when),
        lookups("redis", "error", steady(0)),
        lookups("redis", "hit", steady(BUSY)),
        written("redis", "dropped", { allowed: atLimit - 1, broken: atLimit }),
        written("redis", "stored", { allowed: BUSY - atLimit + 1, broken: BUSY - atLimit }),
      ],
      moments: moments(when, [{ alert: ALERT, labels: { tier: "redis" } }]),
    },
    {
      alert: ALERT,
      title: "is one alert when both lookups and writes fail",
      series: [
        exporterUp(when),
        lookups("redis", "error", { allowed: 0, broken: BUSY }),
        lookups("redis", "miss", { allowed: BUSY, broken: 0 }),
        written("redis", "dropped", { allowed: 0, broken: BUSY }),
        written("redis", "stored", { allowed: BUSY, broken: 0 }),
      ],
      moments: silence(when, "all fail", [{ alert: ALERT, labels: { tier: "redis" } }]),
    },
    silent("does not fire where Redis is not used", "only memory is asked", [
      ...memoryAnswers,
      written("memory", "dropped", steady(BUSY)),
      ...["hit", "miss", "error"].map((result) => lookups("redis", result, steady(0))),
      ...["stored", "dropped"].map((result) => written("redis", result, steady(0))),
    ]),
    silent("does not fire before the first lookup", "no series", []),
    silent("does not fire on too little evidence", "every lookup fails, but few are made", [
      lookups("redis", "error", steady(few)),
      written("redis", "dropped", steady(few)),
      lookups("redis", "hit", steady(0)),
    ]),
  ];
}
