import { type Bound, type Limit, limit, LIMITS } from "./limits.ts";

/** The counter of messages by cell, one cell for each pair of edges. */
export const QUALITY_MESSAGES = "attribution_quality_messages_total";

/** Upper edges of the cells in which messages are counted by the quality of their attributions, ascending. */
export interface QualityGrid {
  /** In nats; the last is infinite. */
  readonly entropy: readonly number[];
  /** A Gini index, which is never above 1: the last. */
  readonly sparsity: readonly number[];
}

/**
 * The grid for these limits. An edge lies on each of them, so that a cell is inside or outside as a
 * whole.
 */
export function qualityGrid(limits: readonly Limit[] = LIMITS): QualityGrid {
  const [entropy, sparsity] = allowed(limits);
  return {
    entropy: [
      ...withEdges([0.25, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.25, 2.75, 3, 3.5, 4], entropy),
      Infinity,
    ],
    sparsity: withEdges([0.05, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], sparsity),
  };
}

/** An edge as a label of Prometheus. */
export function edgeLabel(edge: number): string {
  return edge === Infinity ? "+Inf" : String(edge);
}

/** Matchers of {@link QUALITY_MESSAGES} for the cells that both limits allow. */
export function insideCells(limits: readonly Limit[] = LIMITS): readonly string[] {
  const { entropy, sparsity } = qualityGrid(limits);
  const [entropyLimit, sparsityLimit] = allowed(limits);
  return [
    `entropy_le=~"${within(entropy, entropyLimit)}"`,
    `sparsity_le=~"${within(sparsity, sparsityLimit)}"`,
  ];
}

const allowed = (limits: readonly Limit[]): readonly [Bound, Bound] => [
  limit("attribution_entropy", "warning", limits),
  limit("attribution_sparsity", "warning", limits),
];

function withEdges(edges: readonly number[], bound: Bound): readonly number[] {
  const own = [lowerOf(bound), upperOf(bound)].filter(Number.isFinite);
  return [...new Set([...edges, ...own])].sort((a, b) => a - b);
}

/** A regular expression for the edges of the cells between those of a limit. */
function within(edges: readonly number[], bound: Bound): string {
  const inside = edges.filter((edge) => edge > lowerOf(bound) && edge <= upperOf(bound));
  return inside.map((edge) => edgeLabel(edge).replaceAll(/[.+]/g, "[$&]")).join("|");
}

const lowerOf = (bound: Bound): number => (bound.bound === "upper" ? -Infinity : bound.lower);

const upperOf = (bound: Bound): number => (bound.bound === "lower" ? Infinity : bound.upper);
