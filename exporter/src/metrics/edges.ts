/** Adds the limits' values to a list of bucket edges. */
export function withEdges(
  edges: readonly number[],
  limits: readonly { lower?: number; upper?: number }[],
): number[] {
  const values = limits.flatMap(({ lower, upper }) => [lower, upper]);
  const all = [...edges, ...values.filter((value) => value !== undefined)];
  return [...new Set(all)].sort((a, b) => a - b);
}
