/** A text of the datasets, whole and in halves. */
export interface Text {
  readonly whole: string;
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
 * The texts of the datasets' files, mixed, without those whose whole or either half occurs twice.
 *
 * @param files - the contents of tab-separated files with the header `label	text`
 */
export function readTexts(files: readonly string[]): Text[] {
  const texts: Text[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    for (const line of file.split("\n").slice(1)) {
      const words = line
        .slice(line.indexOf("\t") + 1)
        .split(/\s+/)
        .filter((word) => word !== "");
      if (words.length < LEAST_WORDS) continue;
      const half = Math.ceil(words.length / 2);
      const first = words.slice(0, half).join(" ");
      const second = words.slice(half).join(" ");
      if (seen.has(`first ${first}`) || seen.has(`second ${second}`)) continue;
      seen.add(`first ${first}`).add(`second ${second}`);
      texts.push({ whole: `${first} ${second}`, first, second });
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
  const text = texts[index % n]!;
  return round === 0 ? text.whole : `${text.first} ${texts[(index + round) % n]!.second}`;
}

/** The message up to its word number `most`; the whole when `most` is not given. */
export function firstWords(message: string, most = Infinity): string {
  return message.split(" ").slice(0, most).join(" ");
}
