/** How much the values speak for a steady rise or fall. */
export interface MannKendall {
  /** Pairs that rise minus pairs that fall; at most n(n-1)/2 either way. */
  readonly s: number;
  /** Variance of `s` among independent values without a trend. */
  readonly variance: number;
}

/**
 * The Mann-Kendall test for a trend (Mann 1945, "Nonparametric tests against trend", Econometrica
 * 13:245-259; Kendall 1975, "Rank correlation methods", 4th edition), with the variance corrected
 * for ties: (n(n-1)(2n+5) - sum over groups of t equal values of t(t-1)(2t+5)) / 18.
 */
export function mannKendall(values: readonly number[]): MannKendall {
  const n = values.length;
  let s = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) s += Math.sign(values[j]! - values[i]!);
  }
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  const term = (t: number) => t * (t - 1) * (2 * t + 5);
  let variance = term(n);
  for (const t of sizes.values()) variance -= term(t);
  return { s, variance: variance / 18 };
}

/**
 * The test's standard score, with Kendall's correction for continuity: about normal from ten values
 * on.
 *
 * @returns 0 when the values are all equal
 */
export function standardScore({ s, variance }: MannKendall): number {
  return variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0;
}
