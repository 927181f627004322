import { Counter, Histogram, type Registry } from "./prometheus.ts";
import { limit } from "@headroom/alerts/limits";
import {
  ATTRIBUTION_METHODS,
  type Attribution,
  type UndefinedReason,
} from "../sentiment/result.ts";
import { withEdges } from "./edges.ts";

const REASONS: readonly UndefinedReason[] = ["no_known_word", "one_word", "all_zero"];

/** Records the quality of attributions; an undefined one is counted, never observed as 0. */
export function attributionMetrics(registry: Registry): (attribution: Attribution) => void {
  const entropy = new Histogram({
    name: "attribution_entropy_nats",
    help: "Entropy of the shares of |attribution| over a message's words, natural logarithm.",
    labelNames: ["method"],
    buckets: withEdges(
      [0.25, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.75, 3, 3.5, 4],
      [limit("attribution_entropy", "warning")],
    ),
    registers: [registry],
  });
  const sparsity = new Histogram({
    name: "attribution_sparsity_ratio",
    help: "Gini index of |attribution| over a message's words.",
    labelNames: ["method"],
    buckets: withEdges(
      [0.05, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
      [limit("attribution_sparsity", "warning")],
    ),
    registers: [registry],
  });
  const words = new Histogram({
    name: "attribution_words",
    help: "Words of a message whose attribution was computed.",
    labelNames: ["method"],
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2048],
    registers: [registry],
  });
  const undefinedTotal = new Counter({
    name: "attribution_undefined_total",
    help: "Attributions without entropy and sparsity, by reason.",
    labelNames: ["reason"],
    registers: [registry],
  });
  for (const method of ATTRIBUTION_METHODS) {
    if (method === "none") continue;
    for (const histogram of [entropy, sparsity, words]) histogram.zero({ method });
  }
  for (const reason of REASONS) undefinedTotal.inc({ reason }, 0);

  return (attribution) => {
    const { method } = attribution;
    words.observe({ method }, attribution.values.length);
    if (attribution.undefinedReason) undefinedTotal.inc({ reason: attribution.undefinedReason });
    if (attribution.entropy !== null) entropy.observe({ method }, attribution.entropy);
    if (attribution.sparsity !== null) sparsity.observe({ method }, attribution.sparsity);
  };
}
