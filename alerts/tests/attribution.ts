import type { Limit } from "../limits.ts";
import { limit } from "../limits.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import type { RuleOptions } from "../rules/options.ts";
import {
  type AlertCase,
  BUSY,
  exporterUp,
  moments,
  phases,
  type Schedule,
  silence,
  type Story,
  windowed,
} from "./case.ts";
import type { Series } from "./timeline.ts";
import { counter, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

const ENTROPY = "HeadroomAttributionEntropyOutOfRange";
const SPARSITY = "HeadroomAttributionSparsityLow";
/** How far from an edge the allowed means lie: 1 %. */
const BESIDE = 0.01;

/** Means of entropy and sparsity, by attribution method. */
export function attributionCases(options: RuleOptions): AlertCase[] {
  const entropy = limit("attribution_entropy", "warning", options.limits);
  const sparsity = limit("attribution_sparsity", "warning", options.limits);
  if (entropy.bound !== "band" || sparsity.bound !== "lower") {
    throw new TypeError("entropy has a band and sparsity a lower limit");
  }
  return [
    follows(options, ENTROPY, entropy, "below", entropy.lower),
    follows(options, ENTROPY, entropy, "above", entropy.upper),
    ...silences(options, ENTROPY, entropy, entropy.lower / 2),
    follows(options, SPARSITY, sparsity, "below", sparsity.lower),
    ...silences(options, SPARSITY, sparsity, sparsity.lower / 2),
  ];
}

function follows(
  options: RuleOptions,
  alert: string,
  { severity }: Limit,
  side: "below" | "above",
  edge: number,
): AlertCase {
  const when = windowed(options, severity);
  const method = "prefix";
  const allowed = edge * (side === "below" ? 1 + BESIDE : 1 - BESIDE);
  const healthy = edge * (side === "below" ? 2 : 0.5);
  return {
    alert,
    title: `follows the mean of one method ${side} ${edge} and back`,
    series: [
      exporterUp(when),
      ...means(alert, method, BUSY, { allowed, broken: edge }, when),
      ...means(alert, "occlusion", BUSY, { allowed: healthy, broken: healthy }, when),
    ],
    moments: moments(when, [{ alert, labels: { method } }]),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      "{{ $labels.method }}": method,
      '{{ printf "%.2f" $value }}': edge.toFixed(2),
    },
  };
}

function silences(
  options: RuleOptions,
  alert: string,
  { severity }: Limit,
  broken: number,
): AlertCase[] {
  const when = windowed(options, severity);
  const few = ((EVIDENCE.messages - 1) * STEP_SECONDS) / options.pace.windowSeconds;
  const silent = (title: string, what: string, input: readonly Series[]): AlertCase => ({
    alert,
    title,
    series: [exporterUp(when), ...input],
    moments: silence(when, what),
  });
  const story = { allowed: broken, broken };
  return [
    silent("does not fire without traffic", "no message", means(alert, "prefix", 0, story, when)),
    silent("does not fire before the first message", "no series", []),
    silent(
      "does not fire on too little evidence",
      "a broken mean of few messages",
      means(alert, "prefix", few, story, when),
    ),
  ];
}

/** Sum and count of a histogram whose observations have the given mean. */
function means(
  alert: string,
  method: string,
  messages: number,
  mean: Story<number>,
  when: Schedule,
): Series[] {
  const metric = alert === ENTROPY ? "attribution_entropy_nats" : "attribution_sparsity_ratio";
  const sums = { allowed: messages * mean.allowed, broken: messages * mean.broken };
  return [
    counter(series(`${metric}_sum`, { method }), phases(sums, when)),
    counter(
      series(`${metric}_count`, { method }),
      phases({ allowed: messages, broken: messages }, when),
    ),
  ];
}
