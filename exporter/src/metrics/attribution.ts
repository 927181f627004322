import { limit, type Limit, LIMITS } from "@headroom/alerts/limits";
import {
  ATTRIBUTION_METHODS,
  type Attribution,
  type UndefinedReason,
} from "../sentiment/result.ts";
import { counter, histogram, withEdges, type Registry } from "./prometheus.ts";

const REASONS: readonly UndefinedReason[] = ["no_known_word", "one_word", "all_zero"];

/** Records the quality of attributions; an undefined one is counted, never observed as 0. */
export function attributionMetrics(
  registry: Registry,
  limits: readonly Limit[] = LIMITS,
): (attribution: Attribution) => void {
  const labels = { method: ATTRIBUTION_METHODS.filter((method) => method !== "none") };
  const entropy = histogram(registry, {
    name: "attribution_entropy_nats",
    help: "Entropy of the shares of |attribution| over a message's words, natural logarithm.",
    labels,
    buckets: withEdges(
      [0.25, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.75, 3, 3.5, 4],
      [limit("attribution_entropy", "warning", limits)],
    ),
  });
  const sparsity = histogram(registry, {
    name: "attribution_sparsity_ratio",
    help: "Gini index of |attribution| over a message's words.",
    labels,
    buckets: withEdges(
      [0.05, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
      [limit("attribution_sparsity", "warning", limits)],
    ),
  });
  const words = histogram(registry, {
    name: "attribution_words",
    help: "Words of a message whose attribution was computed.",
    labels,
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2048],
  });
  const undefinedTotal = counter(registry, {
    name: "attribution_undefined_total",
    help: "Attributions without entropy and sparsity, by reason.",
    labels: { reason: REASONS },
  });
  return (attribution) => {
    const { method } = attribution;
    words.observe({ method }, attribution.values.length);
    if (attribution.undefinedReason) undefinedTotal.inc({ reason: attribution.undefinedReason });
    if (attribution.entropy !== null) entropy.observe({ method }, attribution.entropy);
    if (attribution.sparsity !== null) sparsity.observe({ method }, attribution.sparsity);
  };
}
