import type { Scorer } from "../engine/scorer.ts";
import { ASK, attribute } from "./attribution.ts";
import { createBatcher } from "./batcher.ts";
import { costOf } from "./admission-by-cost.ts";

/** Of a length and kind that messages have; together they hold every way in which a word is written. */
const MESSAGES = [
  "I LOVED it!! The best thing that I have seen this year, really :)",
  "what a boring, awful film... I can't recommend it to anybody",
  "not bad at all, but the ending is a mess &amp; far too long",
  "great",
  "It's the kind of story you'd expect: well made, funny in places, and a little too sweet for its own good",
  "don't buy this one, it broke after 2 days and nobody at www.example.com answered me",
];

/** A machine of two cores is at its speed after half of it; a large model stops after its first batch. */
const SECONDS = 0.6;
const MOST_MESSAGES = 128;

/** A first batch that takes so long is work, whatever each batch takes besides. */
const LONG_SECONDS = 0.5;

/**
 * Has the scorers work for a moment before the first request comes. A fresh process answers its first
 * hundred batches half as quickly as later ones: its code is not compiled yet, and its memory is touched
 * for the first time.
 *
 * @param seconds - no batch is started after that; at least one is
 * @returns how many messages were scored, and what one scorer evaluates, when that could be told
 * @throws what a scorer throws
 */
export async function warmUp(
  scorers: readonly Scorer[],
  seconds = SECONDS,
): Promise<{ messages: number; tokensPerSecond: number | undefined }> {
  // Not the exporter's own, whose batches are counted.
  const batcher = createBatcher({
    scorers,
    maxWaitSeconds: 0,
    deadlineSeconds: Infinity,
    observer: { batch: () => {}, waited: () => {} },
  });
  const started = performance.now();
  const end = started + seconds * 1000;
  let scored = 0;
  let first: number | undefined;
  for (let size = 1; scored === 0 || performance.now() < end;) {
    const messages = Array.from({ length: size }, (_, i) => ({
      text: MESSAGES[(scored + i) % MESSAGES.length]!,
      ask: ASK.prefix,
    }));
    for (const score of await batcher.score(messages)) attribute("prefix", score);
    const took = (performance.now() - started) / 1000;
    if (scored === 0 && took >= LONG_SECONDS) first = costOf(messages[0]!) / took;
    scored += size;
    size = Math.min(MOST_MESSAGES, 2 * size);
  }
  return { messages: scored, tokensPerSecond: batcher.tokensPerSecond ?? first };
}
