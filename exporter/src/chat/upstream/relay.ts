import type { IncomingMessage } from "node:http";
import type { RequestMeter } from "../request-timing.ts";
import { answerFrom, errorStatus, noteFigures } from "./answer-fields.ts";
import { UpstreamProblem } from "./client.ts";
import { Outlet, type Receiver } from "./outlet.ts";
import { StreamReader } from "./stream-reader.ts";

/** A stream without content so far is no answer beyond this. */
const HELD_BYTES = 1024 * 1024;
/** An answer in one piece that is larger is passed on before it is whole. */
const WHOLE_BYTES = 256 * 1024;
/** Of a larger one so much is searched for its usage, which stands at the end. */
const TAIL_BYTES = 8 * 1024;

/** Where an answer goes, and who is told of it. */
export interface Relay extends Receiver {
  readonly meter: RequestMeter;
  /** The model server has said something. */
  readonly seen: () => void;
}

/**
 * Passes an answer on byte for byte, as it comes, and tells the meter what it says.
 *
 * @throws UpstreamProblem when it is none, or breaks off: the client has nothing of it, or its beginning
 */
export async function relay(incoming: IncomingMessage, to: Relay): Promise<void> {
  const outlet = new Outlet(incoming, to);
  const pass = wayOf(incoming, to.meter);
  try {
    await pass(incoming as AsyncIterable<Buffer>, outlet, to);
  } catch (error) {
    if (to.signal.aborted || error instanceof UpstreamProblem) throw error;
    const { code = "", message } = error as NodeJS.ErrnoException;
    if (code.startsWith("HPE_") && !to.res.headersSent) throw garbage(`is not HTTP (${code})`);
    throw new UpstreamProblem("cut_off", `The model server's answer broke off: ${message}.`, error);
  }
  await outlet.end();
}

/** How an answer is passed on. */
type Way = (bytes: AsyncIterable<Buffer>, outlet: Outlet, to: Relay) => Promise<void>;

/**
 * The way for an answer, by its head.
 *
 * @throws UpstreamProblem when there is none
 */
function wayOf({ statusCode = 0, headers }: IncomingMessage, meter: RequestMeter): Way {
  if (statusCode >= 400) {
    noteStatus(statusCode, meter);
    return asItIs;
  }
  if (statusCode >= 300) {
    throw new UpstreamProblem(
      "redirected",
      `The model server redirects (${statusCode}), which is not followed; set HEADROOM_UPSTREAM_URL to where it points.`,
    );
  }
  const type = headers["content-type"]?.split(";")[0]!.trim().toLowerCase() ?? "";
  const isPlain = (headers["content-encoding"] ?? "identity") === "identity";
  if (type === "text/event-stream" && isPlain) return events;
  // Nothing was promised that a user waits for piece by piece.
  meter.streamed = false;
  if (type !== "" && !/^application\/(.+\+)?json$/.test(type)) throw garbage(`is ${type}`);
  return isPlain ? whole : asItIs;
}

/** What a status means, in an answer's head or in an error inside it. */
function noteStatus(status: number, meter: RequestMeter): void {
  const isRefused = status === 429;
  meter.outcome = isRefused ? "refused" : status >= 500 ? "server_error" : "client_error";
  meter.upstreamError = isRefused ? "rate_limited" : status >= 500 ? "status_5xx" : "status_4xx";
}

const asItIs: Way = async (bytes, outlet, { seen }) => {
  for await (const some of bytes) {
    seen();
    outlet.write(some);
    await outlet.drained();
  }
};

/** Holds the head until the first content is here, so that no client takes anything else for it. */
const events: Way = async (bytes, outlet, { meter, res, seen }) => {
  const reader = new StreamReader(meter);
  try {
    for await (const some of bytes) {
      seen();
      const pieces = reader.read(some);
      const isTold = pieces > 0 || res.headersSent || reader.failure !== undefined;
      if (isTold) outlet.write(some);
      else if (outlet.hold(some) > HELD_BYTES)
        throw garbage("has no content in its first megabyte");
      for (let i = 0; i < pieces; i++) meter.content();
      // OpenAI's client for Python hangs up at the last word, and has it all.
      if (reader.isDone && reader.failure === undefined) meter.outcome = "ok";
      await outlet.drained();
    }
  } catch (error) {
    // What breaks after the last word is not missed.
    if (!reader.isDone) throw error;
  }
  const pieces = reader.end();
  const isWhole = reader.isDone || meter.finish !== undefined;
  if (reader.failure !== undefined) noteStatus(reader.failure, meter);
  else if (!isWhole && !res.headersSent && pieces === 0) {
    if (!reader.isAnswer) throw garbage("has no event with a piece of an answer");
    throw new UpstreamProblem("cut_off", "The model server's answer ended before its first word.");
  } else if (!isWhole) {
    // The client gets what there is, as it would without the exporter.
    meter.outcome = "server_error";
    meter.upstreamError = "cut_off";
  }
  outlet.write();
  for (let i = 0; i < pieces; i++) meter.content();
};

/** One that is not too large is held until it is known to be JSON. */
const whole: Way = async (bytes, outlet, { meter, res, seen }) => {
  let tail = Buffer.alloc(0);
  for await (const some of bytes) {
    seen();
    if (!res.headersSent && outlet.hold(some) <= WHOLE_BYTES) continue;
    outlet.write(res.headersSent ? some : undefined);
    tail = Buffer.concat([tail, some]).subarray(-TAIL_BYTES);
    await outlet.drained();
  }
  if (res.headersSent) return noteUsage(tail.toString(), meter);
  const answer = answerFrom(outlet.held.toString());
  if (!answer) throw garbage("is not a JSON object");
  noteFigures(answer, meter);
  const status = errorStatus(answer);
  if (status !== undefined) noteStatus(status, meter);
};

function noteUsage(tail: string, meter: RequestMeter): void {
  // Objects in it, such as prompt_tokens_details, have none in them.
  const usage = /"usage"\s*:\s*(\{(?:[^{}]|\{[^{}]*\})*\})/.exec(tail)?.[1];
  if (usage) noteFigures({ usage: answerFrom(usage) }, meter);
}

function garbage(what: string): UpstreamProblem {
  return new UpstreamProblem(
    "garbage",
    `What the model server answered ${what}; check that HEADROOM_UPSTREAM_URL is that of an API as OpenAI's.`,
  );
}
