import { limit, type Limit, LIMITS } from "@headroom/alerts/limits";
import {
  edgeLabel,
  QUALITY_MESSAGES,
  qualityGrid,
  type QualityGrid,
} from "@headroom/alerts/quality-grid";
import {
  ATTRIBUTION_METHODS,
  type Attribution,
  type UndefinedReason,
} from "../sentiment/result.ts";
import { counter, histogram, readCounter, withEdges, type Registry } from "./prometheus.ts";

const METHODS = ATTRIBUTION_METHODS.filter((method) => method !== "none");

const REASONS: readonly UndefinedReason[] = ["no_known_word", "one_word", "all_zero"];

/**
 * Records the quality of attributions; an undefined one is counted, never observed as 0. The cells tell how messages are
 * spread; the histograms have an edge on each limit, and few others for those who drop the cells.
 */
export function attributionMetrics(
  registry: Registry,
  limits: readonly Limit[] = LIMITS,
): (attribution: Attribution) => void {
  const labels = { method: METHODS };
  const onLimit = (edges: readonly number[], id: string) =>
    withEdges(edges, [limit(id, "warning", limits)]);
  const inCell = cellCounter(registry, qualityGrid(limits));
  const entropy = histogram(registry, {
    name: "attribution_entropy_nats",
    help: "Entropy of the shares of |attribution| over a message's words, natural logarithm.",
    labels,
    buckets: onLimit([0.25, 1, 1.5, 2, 3], "attribution_entropy"),
  });
  const sparsity = histogram(registry, {
    name: "attribution_sparsity_ratio",
    help: "Gini index of |attribution| over a message's words.",
    labels,
    buckets: onLimit([0.05, 0.2, 0.5, 0.8], "attribution_sparsity"),
  });
  const words = histogram(registry, {
    name: "attribution_words",
    help: "Words of a message whose attribution was computed.",
    labels,
    buckets: [5, 20, 100, 500],
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
    if (attribution.entropy !== null && attribution.sparsity !== null)
      inCell(method, attribution.entropy, attribution.sparsity);
  };
}

/**
 * Counts messages by both qualities at once. A counter's labels would be looked up for each of them, at
 * a hundred times the cost of an array, so the counter is made of it at a scrape.
 */
function cellCounter(registry: Registry, { entropy, sparsity }: QualityGrid) {
  const counts = Object.fromEntries(
    METHODS.map((method) => [method, new Float64Array(entropy.length * sparsity.length)]),
  ) as Record<Attribution["method"], Float64Array>;
  const cells = entropy.flatMap((x) =>
    sparsity.map((y) => ({ entropy_le: edgeLabel(x), sparsity_le: edgeLabel(y) })),
  );
  readCounter(
    registry,
    {
      name: QUALITY_MESSAGES,
      help:
        "Messages by entropy and sparsity of their attribution, each in one cell: above the next smaller " +
        "edges, up to entropy_le and sparsity_le.",
      labels: ["method", "entropy_le", "sparsity_le"],
    },
    () =>
      METHODS.flatMap((method) =>
        cells.map((cell, i) => [{ method, ...cell }, counts[method][i]!] as const),
      ),
  );
  return (method: Attribution["method"], x: number, y: number): void => {
    counts[method][cellOf(entropy, x) * sparsity.length + cellOf(sparsity, y)]!++;
  };
}

/** The first cell whose edge is not below the value; the last one for what rounding carries beyond it. */
function cellOf(edges: readonly number[], value: number): number {
  let cell = 0;
  while (cell < edges.length - 1 && value > edges[cell]!) cell++;
  return cell;
}
