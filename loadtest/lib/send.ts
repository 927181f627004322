import { check, sleep } from "k6";
import { scenario } from "k6/execution";
import http, { type Params } from "k6/http";
import { Counter, Rate, Trend } from "k6/metrics";
import { isBroken } from "../../alerts/headroom.ts";
import { limit } from "../../alerts/limits.ts";
import { messageAt } from "../data/messages.ts";
import { zipfRank, zipfShares } from "../data/zipf.ts";
import { checkAnswer, readAnswer } from "../plan/answer.ts";
import type { Profile } from "../plan/profiles.ts";
import { METRICS } from "../plan/thresholds.ts";
import { environment } from "./environment.ts";
import { texts } from "./texts.ts";

const PATH = "/v1/sentiment";
const REQUEST_TIMEOUT = "10s";

/** After a failed request of a profile that sends the next one at once. */
const PAUSE_SECONDS = 0.1;

/** Popular messages of the `zipf` profile, and how steep their popularity falls. */
const ZIPF = { messages: 5000, exponent: 1 } as const;

const sent = new Counter(METRICS.messagesSent);
const answered = new Counter(METRICS.messagesAnswered);
const cached = new Counter(METRICS.messagesCached);
const refused = new Counter(METRICS.requestsRefused);
const exceptions = new Counter(METRICS.exceptions);
const entropy = new Trend(METRICS.entropy);
const sparsity = new Trend(METRICS.sparsity);
const entropyInRange = new Rate(METRICS.entropyInRange);
const sparsityInRange = new Rate(METRICS.sparsityInRange);
const undefinedAttributions = new Counter(METRICS.attributionUndefined);

const entropyLimit = limit("attribution_entropy", "warning");
const sparsityLimit = limit("attribution_sparsity", "warning");

http.setResponseCallback(http.expectedStatuses(200));

function numbering(profile: Profile): (draw: number) => number {
  if (profile.messages === "different") return (draw) => draw;
  const shares = zipfShares(ZIPF.messages, ZIPF.exponent);
  return (draw) => zipfRank(draw, shares);
}

function parametersOf(profile: Profile): Params {
  return {
    headers: {
      "Content-Type": "application/json",
      ...(profile.cache === "no-store" && { "Cache-Control": "no-store" }),
      ...(environment.token && { Authorization: `Bearer ${environment.token}` }),
    },
    tags: { name: `POST ${PATH}` },
    timeout: REQUEST_TIMEOUT,
  };
}

/**
 * What a virtual user of the profile does again and again: send the next batch, check the answer's
 * shape and count what it says.
 *
 * An answer other than 200 counts as a failed request, not as a wrong shape. An exception would
 * end the iteration unnoticed (k6 exits 0), so it is counted, and a threshold looks at the count.
 */
export function sender(profile: Profile): () => void {
  const numberOf = numbering(profile);
  const parameters = parametersOf(profile);
  const url = `${environment.target}${PATH}`;
  const { batchSize, attribution } = profile;

  const send = () => {
    const draw = scenario.iterationInTest * batchSize;
    const messages = Array.from({ length: batchSize }, (_, i) =>
      messageAt(environment.firstMessage + numberOf(draw + i), texts),
    );
    sent.add(batchSize);
    const response = http.post(url, JSON.stringify({ messages, attribution }), parameters);
    if (response.status === 503) refused.add(1);
    if (response.status !== 200) {
      // One after the other, refused connections would make thousands of requests a second.
      if (profile.arrival.kind === "serial") sleep(PAUSE_SECONDS);
      return;
    }

    const body = parse(response.body);
    const checks = checkAnswer(body, { messages: batchSize, attribution });
    if (!check(null, asCheckers(checks))) return;
    const reading = readAnswer(body);
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
  };

  return () => {
    try {
      send();
    } catch (error) {
      exceptions.add(1);
      console.error(`iteration failed: ${String(error)}`);
    }
  };
}

/** The body as JSON; undefined, which no check accepts, when it is something else. */
function parse(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return undefined;
  }
}

const asCheckers = (checks: Record<string, boolean>): Record<string, () => boolean> =>
  Object.fromEntries(Object.entries(checks).map(([name, holds]) => [name, () => holds]));
