/** The halves of a text of the datasets. */
export interface Text {
  readonly first: string;
  readonly second: string;
}

/** Shorter texts have no halves that could be told apart from those of others. */
const LEAST_WORDS = 4;

const greatestCommonDivisor = (a: number, b: number): number =>
  b === 0 ? a : greatestCommonDivisor(b, a % b);

/** Steps through 0..n-1 in an order that mixes neighbours, each number once. */
function mixedOrder(n: number): number[] {
  // Near the golden section of n, so that the steps spread evenly.
  let step = Math.max(1, Math.round(n * 0.618));
  while (greatestCommonDivisor(step, n) !== 1) step += 1;
  return Array.from({ length: n }, (_, i) => (i * step) % n);
}

/**
 * The texts of the datasets' files, mixed, without those of which a half occurs twice or is no words. A half ends
 * with the word in the middle.
 *
 * @param files - the contents of tab-separated files with the header `label	text`
 */
export function readTexts(files: readonly string[]): Text[] {
  const texts: Text[] = [];
  const [firsts, seconds] = [new Set<string>(), new Set<string>()];
  for (const file of files) {
    for (const line of file.split("\n").slice(1)) {
      // Few calls for each line: k6 reads thousands whenever it starts, and its JavaScript is slow.
      const text = line.slice(line.indexOf("\t") + 1);
      if (text.split(" ").length < LEAST_WORDS) continue;
      const middle = text.indexOf(" ", text.length / 2);
      if (middle < 0) continue;
      const [first, second] = [text.slice(0, middle), text.slice(middle + 1)];
      if (firsts.has(first) || seconds.has(second)) continue;
      firsts.add(first);
      seconds.add(second);
      texts.push({ first, second });
    }
  }
  return mixedOrder(texts.length).map((i) => texts[i]!);
}

/**
 * Message number `index`: the texts themselves, then the first half of one with the second half of
 * another. Both kinds are equally long on average, so the load does not change when the texts are
 * used up; no message repeats before `texts.length` squared.
 *
 * @throws RangeError when `index` is not a whole number or lies beyond the last message
 */
export function messageAt(index: number, texts: ArrayLike<Text>): string {
  const n = texts.length;
  if (!Number.isInteger(index) || index < 0 || index >= n * n) {
    throw new RangeError(`there are messages 0 to ${n * n - 1}, but number ${index} was asked for`);
  }
  const round = Math.floor(index / n);
  return `${texts[index % n]!.first} ${texts[(index + round) % n]!.second}`;
}

/** The message up to its word number `most`; the whole when `most` is not given. */
export function firstWords(message: string, most = Infinity): string {
  return message.split(" ").slice(0, most).join(" ");
}

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

/** No profile sends more messages a second, so that runs one after the other never overlap. */
const MESSAGES_PER_SECOND = 10_000;
/** Starts again after this many seconds; the caches have forgotten by then. */
const SECONDS = 10_000;

/**
 * The number of a run's first message, from the time it starts: another one for each run, so that
 * answers cached in one run do not make the next one faster.
 *
 * @param milliseconds - since 1970
 */
export function firstMessageAt(milliseconds: number): number {
  return (Math.floor(milliseconds / 1_000) % SECONDS) * MESSAGES_PER_SECOND;
}
