/** Spreads `index` over [0, 1): neighbours land far apart, the same index always on the same value. */
export function spread(index: number): number {
  // Finaliser of MurmurHash3 (Austin Appleby, public domain), over the low 32 bits.
  let h = index >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * Cumulative shares of ranks 1 to `size` under Zipf's law: rank r is drawn with a share
 * proportional to 1 / r^exponent. The last entry is 1.
 *
 * @throws RangeError when `size` is not a positive whole number
 */
export function zipfShares(size: number, exponent: number): Float64Array {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`the number of ranks must be a positive whole number, got ${size}`);
  }
  const shares = new Float64Array(size);
  let sum = 0;
  for (let rank = 1; rank <= size; rank += 1) shares[rank - 1] = sum += rank ** -exponent;
  return shares.map((share) => share / sum);
}

/** The rank (from 0) that draw number `index` gives: the first whose cumulative share exceeds it. */
export function zipfRank(index: number, shares: Float64Array): number {
  const drawn = spread(index);
  let low = 0;
  let high = shares.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (shares[middle]! > drawn) high = middle;
    else low = middle + 1;
  }
  return low;
}
