import { sleep } from "k6";
import { SharedArray } from "k6/data";
import { scenario, vu } from "k6/execution";
import { Counter, Rate, Trend } from "k6/metrics";
import { limit, OUTCOME_MEANS } from "../../alerts/limits.ts";
import {
  chatBody,
  type ChatLoad,
  type ChatMessage,
  lengthAt,
  overlap,
  patienceSeconds,
  startsWithin,
} from "../plan/chat-load.ts";
import { readStream, type StreamReading } from "../plan/chat-stream.ts";
import { FINISHES, METRICS, REQUESTS } from "../plan/k6-metrics.ts";
import { promptAt } from "../plan/prompts.ts";
import { allHold, countEnd, environment, exchange } from "./post.ts";
import { texts } from "./texts.ts";

/** After a failed request of a user, who would otherwise send thousands a second. */
const PAUSE_SECONDS = 0.5;

const firstToken = new Trend(METRICS.firstToken, true);
const outputToken = new Trend(METRICS.outputToken, true);
const good = new Rate(METRICS.chatGood);
const answers = new Counter(METRICS.chatAnswers);
const pieces = new Counter(METRICS.chatPieces);
const usageMissing = new Counter(METRICS.chatUsageMissing);
const input = new Trend(METRICS.chatInput);
const output = new Trend(METRICS.chatOutput);
const finishes = new Counter(METRICS.chatFinish);
const requestsInTime = new Counter(METRICS.chatRequestsInTime);
const inputInTime = new Counter(METRICS.chatInputInTime);
const outputInTime = new Counter(METRICS.chatOutputInTime);

function allowedMilliseconds(id: string): number {
  const allowed = limit(id, "warning", environment.limits);
  return allowed.bound === "lower" ? Infinity : 1_000 * allowed.upper;
}

/** The prompts of a file, once for all virtual users. */
function promptsOf({ prompts }: ChatLoad): readonly (readonly ChatMessage[])[] | undefined {
  if (prompts === undefined) return undefined;
  return new SharedArray("prompts", () => JSON.parse(open(prompts)) as (readonly ChatMessage[])[]);
}

/**
 * Sends the next prompt and reads the streamed answer once it is whole. The exporter holds the headers until
 * the first piece of content, so the time to the first byte is that to the first token, and the rest of the
 * time is that of all further tokens.
 */
export function chatSender(load: ChatLoad, durationSeconds: number): () => void {
  const prompts = promptsOf(load);
  const patience = patienceSeconds(load, environment.limits);
  const limits = {
    firstToken: allowedMilliseconds("first_token_p95"),
    outputToken: allowedMilliseconds("output_token_p95"),
  };
  const posting = {
    path: "/v1/chat/completions",
    tags: REQUESTS.chat,
    patienceSeconds: patience,
  };
  const { arrival } = load;
  const users = arrival.kind === "users" ? arrival : undefined;
  return () => {
    if (users && vu.iterationInScenario === 0) {
      sleep((startsWithin(durationSeconds) * ((vu.idInTest - 1) % users.users)) / users.users);
    }
    const draw = scenario.iterationInTest;
    const number = environment.firstMessage + draw;
    const messages = prompts
      ? prompts[number % prompts.length]!
      : promptAt(number, draw, load, texts);
    const tokens = lengthAt(draw, load.outputTokens, load.spread);
    const { response, started, ended, end } = exchange(posting, chatBody(load, messages, tokens));

    const answered = end.outcome === "ok" && response.status === 200;
    const reading = answered ? readStream(String(response.body)) : undefined;
    // An answer that tells of an error, or that ends in the middle, is none.
    const brokeOff = reading?.isStream === true && !reading.isWhole;
    const outcome = brokeOff ? "server_error" : end.outcome;
    countEnd({ ...end, outcome }, posting.tags);

    const { connecting, sending, waiting, receiving } = response.timings;
    const hasBegun = reading !== undefined && reading.pieces > 0;
    const first = hasBegun ? connecting + sending + waiting : 0;
    const each = hasBegun ? perOutputToken(receiving, reading) : 0;
    if (outcome === "ok" && hasBegun) firstToken.add(first);
    if (outcome === "ok" && each > 0) outputToken.add(each);
    if (outcome === "deadline") firstToken.add(waiting > 0 ? waiting : end.milliseconds);
    if (OUTCOME_MEANS[outcome] !== "excluded") {
      good.add(outcome === "ok" && first < limits.firstToken && each < limits.outputToken);
    }
    if (outcome !== "ok" || !reading) {
      if (users) sleep(PAUSE_SECONDS);
      return;
    }
    if (allHold({ "the answer is a stream of OpenAI's events": reading.isStream })) {
      count(reading, window(started, ended, ended - receiving, durationSeconds));
    }
    if (users) sleep(users.thinkSeconds);
  };
}

/** Milliseconds for each token after the first; 0 without one. */
function perOutputToken(receiving: number, { outputTokens, pieces }: StreamReading): number {
  const tokens = outputTokens ?? pieces;
  return tokens > 1 ? receiving / (tokens - 1) : 0;
}

/** Which share of a request, and of its answer, fell into the time of the load. */
function window(started: number, ended: number, firstAt: number, durationSeconds: number) {
  const from = scenario.startTime + 1_000 * startsWithin(durationSeconds);
  const to = scenario.startTime + 1_000 * durationSeconds;
  return {
    request: overlap({ from: started, to: ended }, { from, to }),
    answer: overlap({ from: firstAt, to: ended }, { from, to }),
  };
}

function count(reading: StreamReading, inTime: ReturnType<typeof window>): void {
  const { inputTokens, outputTokens = reading.pieces, finish } = reading;
  answers.add(1);
  pieces.add(reading.pieces);
  if (inputTokens === undefined || reading.outputTokens === undefined) usageMissing.add(1);
  if (inputTokens !== undefined) input.add(inputTokens);
  output.add(outputTokens);
  finishes.add(1, { reason: FINISHES.find((reason) => reason === finish) ?? "other" });
  requestsInTime.add(inTime.request);
  inputInTime.add((inputTokens ?? 0) * inTime.request);
  outputInTime.add(outputTokens * inTime.answer);
}
