/** Where a value lies among those of the past. */
export interface Place {
  readonly median: number;
  /** Modified z-score; infinite when the past never varied and the value differs. */
  readonly z: number;
}

/** 0.75 quantile of the normal distribution: the MAD of normal values is 0.6745 standard deviations. */
const MAD_OF_NORMAL = 0.6745;
/** The square root of pi / 2: a standard deviation in mean absolute deviations. */
const MEAN_DEVIATIONS = 1.253314;

/**
 * The modified z-score of Iglewicz and Hoaglin (1993), 0.6745 (x - median) / MAD. A single outlier
 * moves neither the median nor the MAD (the median absolute deviation), so past trouble does not hide
 * trouble of today. When more than half of the past is one value, the MAD is 0 and the mean absolute
 * deviation takes its place, as in IBM's Cognos Analytics: (x - median) / (1.253314 MeanAD).
 *
 * @param past - at least one number
 */
export function placeAmong(past: readonly number[], value: number): Place {
  const middle = median(past);
  const deviations = past.map((one) => Math.abs(one - middle));
  const mad = median(deviations);
  const mean = deviations.reduce((sum, one) => sum + one, 0) / deviations.length;
  const distance = value - middle;
  if (distance === 0) return { median: middle, z: 0 };
  const scale = mad > 0 ? mad / MAD_OF_NORMAL : MEAN_DEVIATIONS * mean;
  return { median: middle, z: distance / scale };
}

/** The middle of some numbers, or the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  if (!Number.isInteger(half)) return sorted[Math.floor(half)]!;
  return (sorted[half - 1]! + sorted[half]!) / 2;
}
