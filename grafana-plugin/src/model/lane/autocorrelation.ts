/** One-sided 5 % point of the normal distribution: a correlation above it over sqrt(n) is real. */
const REAL = 1.645;

/**
 * By how much the variance of Mann-Kendall's S grows because values resemble the ones before them,
 * after Hamed and Rao 1998 ("A modified Mann-Kendall trend test for autocorrelated data", Journal of
 * Hydrology 204:182-196): 1 + 2 / (n(n-1)(n-2)) * sum over lags k of (n-k)(n-k-1)(n-k-2) r(k), where
 * r(k) is the autocorrelation of the ranks of what the trend leaves over.
 *
 * Without it the test finds trends in anything that is averaged over a sliding window, as rates and
 * quantiles in Prometheus are. Unlike there the sum ends at the first lag that is not significantly
 * positive, so that the factor is never below 1.
 *
 * @param residuals the values without their trend, at even distances
 */
export function varianceInflation(residuals: readonly number[]): number {
  const n = residuals.length;
  const ranks = centredRanks(residuals);
  const power = ranks.reduce((sum, rank) => sum + rank * rank, 0);
  if (n < 3 || power === 0) return 1;
  let weighted = 0;
  for (let lag = 1; lag < n - 2; lag++) {
    let product = 0;
    for (let i = lag; i < n; i++) product += ranks[i]! * ranks[i - lag]!;
    const correlation = product / power;
    if (correlation <= REAL / Math.sqrt(n)) break;
    weighted += (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation;
  }
  return 1 + (2 * weighted) / (n * (n - 1) * (n - 2));
}

/** Ranks minus their mean; equal values share the mean of their ranks. */
function centredRanks(values: readonly number[]): Float64Array {
  const n = values.length;
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(n);
  for (let start = 0; start < n;) {
    let end = start + 1;
    while (end < n && values[order[end]!] === values[order[start]!]) end++;
    const rank = (start + end - 1) / 2 - (n - 1) / 2;
    for (let i = start; i < end; i++) ranks[order[i]!] = rank;
    start = end;
  }
  return ranks;
}
