import { limit, type Limit } from "../limits.ts";
import { bucketAt } from "./condition.ts";
import { EVIDENCE } from "./evidence.ts";
import {
  alertRule,
  onLimit,
  type AlertingRule,
  type RecordingRule,
  type RuleGroup,
} from "./group.ts";
import { attributionInside, attributionMean, rate, withEvidence } from "./measures.ts";
import type { RuleOptions } from "./options.ts";
import { duration } from "./pace.ts";
import { inWords, VALUE } from "./wording.ts";

const ENTROPY = "attribution_entropy_nats";
const SPARSITY = "attribution_sparsity_ratio";
/** Methods are not interchangeable, so each is judged on its own. */
const BY = "job, instance, method";

/** Whether attributions still say something: means over messages, and the share in range. */
export function attributionRules(options: RuleOptions): RuleGroup {
  const entropy = limit("attribution_entropy", "warning", options.limits);
  const sparsity = limit("attribution_sparsity", "warning", options.limits);
  const window = duration(options.pace.windowSeconds);
  return {
    name: "headroom-attribution",
    rules: [
      mean(ENTROPY, window),
      mean(SPARSITY, window),
      inRange(ENTROPY, entropy, window),
      inRange(SPARSITY, sparsity, window),
      {
        record: `instance_method:attribution_quality_in_range:ratio_rate${window}`,
        expr: attributionInside({ window, by: BY }, options.limits),
      },
      outside(options, "HeadroomAttributionEntropyOutOfRange", entropy, ENTROPY, {
        summary: `Attribution entropy ({{ $labels.method }}) is ${VALUE.nats}`,
        meaning: "Below, one word decides each answer; above, no word stands out.",
        value: VALUE.nats,
        allowed: `allowed is ${inWords(entropy)}`,
      }),
      outside(options, "HeadroomAttributionSparsityLow", sparsity, SPARSITY, {
        summary: `Attribution sparsity ({{ $labels.method }}) is only ${GINI}`,
        meaning: "Near 0 all words weigh the same, so attributions explain nothing.",
        value: `${GINI} (Gini index)`,
        allowed: `it must be above ${sparsity.bound === "lower" ? sparsity.lower : Number.NaN}`,
      }),
    ],
  };
}

const GINI = '{{ printf "%.2f" $value }}';

const meanOf = (metric: string, window: string): string =>
  `instance_method:${metric}:mean${window}`;

function mean(metric: string, window: string): RecordingRule {
  return { record: meanOf(metric, window), expr: attributionMean(metric, { window, by: BY }) };
}

function inRange(metric: string, allowed: Limit, window: string): RecordingRule {
  const over = { window, by: BY };
  const count = `${metric}_count`;
  const upTo = (edge: number): string => rate(`${metric}_bucket`, over, bucketAt(edge));
  const top = allowed.bound === "lower" ? rate(count, over) : upTo(allowed.upper);
  const inside = allowed.bound === "upper" ? top : `(${top} - ${upTo(allowed.lower)})`;
  return {
    record: `instance_method:${metric}_in_range:ratio_rate${window}`,
    expr: withEvidence(`${inside} / ${rate(count, over)}`, EVIDENCE.messages, count, over),
  };
}

function outside(
  options: RuleOptions,
  alert: string,
  allowed: Limit,
  metric: string,
  text: { summary: string; meaning: string; value: string; allowed: string },
): AlertingRule {
  const window = duration(options.pace.windowSeconds);
  return alertRule(options, {
    alert,
    ...onLimit(options, meanOf(metric, window), allowed, "window"),
    dashboard: "headroom-sentiment",
    summary: `${text.summary} on {{ $labels.instance }}`,
    description:
      `The mean over the messages of the last ${window} is ${text.value}; ${text.allowed}. ` +
      text.meaning,
  });
}
