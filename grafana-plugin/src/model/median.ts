/**
 * The median; of an even number of values, the mean of the middle two. **Reorders the array**: it
 * only sorts as far as needed (quickselect, Hoare 1961), because the slopes of a trend are tens of
 * thousands.
 *
 * @param values without NaN
 * @returns NaN when there is no value
 */
export function medianInPlace(values: Float64Array): number {
  const n = values.length;
  if (n === 0) return Number.NaN;
  const middle = n >> 1;
  const upper = selectInPlace(values, middle);
  if (n % 2 === 1) return upper;
  let lower = values[0]!;
  for (let i = 1; i < middle; i++) lower = Math.max(lower, values[i]!);
  return lower + (upper - lower) / 2;
}

/**
 * The value that would stand at `index` if the array were sorted. **Reorders the array**: smaller
 * values come to stand before it.
 *
 * @param values without NaN
 * @param index of a value, from 0
 */
export function selectInPlace(values: Float64Array, index: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    // The middle one, because sorted input is the common case and would be the worst otherwise.
    const pivot = values[(low + high) >> 1]!;
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i > j) break;
      const swapped = values[i]!;
      values[i++] = values[j]!;
      values[j--] = swapped;
    }
    if (index <= j) high = j;
    else if (index >= i) low = i;
    else break;
  }
  return values[index]!;
}
