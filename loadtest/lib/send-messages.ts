import { sleep } from "k6";
import { scenario } from "k6/execution";
import { Counter, Rate, Trend } from "k6/metrics";
import { isBroken } from "../../alerts/headroom.ts";
import { limit } from "../../alerts/limits.ts";
import { checkAnswer, readAnswer } from "../plan/answers.ts";
import { METRICS, REQUESTS } from "../plan/k6-metrics.ts";
import { firstWords, messageAt, zipfRank, zipfShares } from "../plan/messages.ts";
import type { SentimentLoad } from "../plan/profiles.ts";
import { allHold, environment, post } from "./post.ts";
import { texts } from "./texts.ts";

/** After a failed request of a profile that sends the next one at once. */
const PAUSE_SECONDS = 0.1;

/** Popular messages of the `zipf` profile, and how steep their popularity falls. */
const ZIPF = { messages: 5000, exponent: 1 } as const;

const sent = new Counter(METRICS.messagesSent);
const answered = new Counter(METRICS.messagesAnswered);
const cached = new Counter(METRICS.messagesCached);
const entropy = new Trend(METRICS.entropy);
const sparsity = new Trend(METRICS.sparsity);
const entropyInRange = new Rate(METRICS.entropyInRange);
const sparsityInRange = new Rate(METRICS.sparsityInRange);
const bothInRange = new Rate(METRICS.bothInRange);
const undefinedAttributions = new Counter(METRICS.attributionUndefined);

const entropyLimit = limit("attribution_entropy", "warning", environment.limits);
const sparsityLimit = limit("attribution_sparsity", "warning", environment.limits);

function numbering({ messages }: SentimentLoad): (draw: number) => number {
  if (messages === "different") return (draw) => draw;
  const shares = zipfShares(ZIPF.messages, ZIPF.exponent);
  return (draw) => zipfRank(draw, shares);
}

/**
 * Sends the next batch, checks the answer's shape and counts what it says. An answer other than 200
 * counts as a failed request, not as a wrong shape.
 */
export function messageSender(load: SentimentLoad): () => void {
  const numberOf = numbering(load);
  const { batchSize, attribution, mostWords } = load;
  const posting = {
    path: "/v1/sentiment",
    tags: REQUESTS.sentiment,
    ...(load.cache === "no-store" && { headers: { "Cache-Control": "no-store" } }),
  };
  return () => {
    const draw = scenario.iterationInTest * batchSize;
    const messages = Array.from({ length: batchSize }, (_, i) =>
      firstWords(messageAt(environment.firstMessage + numberOf(draw + i), texts), mostWords),
    );
    const posted = post(posting, { messages, attribution });
    // Afterwards: what a stop cuts off, where k6 ends the script, is no message without an answer.
    sent.add(batchSize);
    if (!posted.ok) {
      // One after the other, refused connections would make thousands of requests a second.
      if (load.arrival.kind === "serial") sleep(PAUSE_SECONDS);
      return;
    }
    if (!allHold(checkAnswer(posted.body, { messages: batchSize, attribution }))) return;
    const reading = readAnswer(posted.body);
    answered.add(batchSize);
    if (reading.cached > 0) cached.add(reading.cached);
    if (reading.undefinedAttributions > 0) undefinedAttributions.add(reading.undefinedAttributions);
    for (const value of reading.entropies) {
      entropy.add(value);
      entropyInRange.add(!isBroken(entropyLimit, value));
    }
    for (const value of reading.sparsities) {
      sparsity.add(value);
      sparsityInRange.add(!isBroken(sparsityLimit, value));
    }
    // A message has both or neither.
    reading.entropies.forEach((value, i) => {
      const isOutside =
        isBroken(entropyLimit, value) || isBroken(sparsityLimit, reading.sparsities[i] ?? NaN);
      bothInRange.add(!isOutside);
    });
  };
}
