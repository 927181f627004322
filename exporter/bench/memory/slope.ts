/**
 * The slope of evenly spaced values, by Theil and Sen: the median of the slopes between all pairs.
 * A collection of garbage now and then moves it little; a line by least squares would follow it
 * (Sen 1968, Journal of the American Statistical Association 63, 1379-1389).
 *
 * @param values - at least two
 * @returns growth from one value to the next
 * @throws RangeError when there are fewer
 */
export function theilSenSlope(values: readonly number[]): number {
  if (values.length < 2) throw new RangeError(`a slope needs two values, got ${values.length}`);
  const slopes = values.flatMap((from, i) =>
    values.slice(i + 1).map((to, distance) => (to - from) / (distance + 1)),
  );
  slopes.sort((a, b) => a - b);
  const middle = slopes.length / 2;
  return (slopes[Math.ceil(middle) - 1]! + slopes[Math.floor(middle)]!) / 2;
}
