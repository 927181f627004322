/** What the body of a streamed answer says, read after it has ended. */
export interface StreamReading {
  /** Whether it is made of events in the shape of OpenAI's API. */
  readonly isStream: boolean;
  /** Pieces of content: text, reasoning or a part of a call. A role or an empty text is none. */
  readonly pieces: number;
  /** As the model's own `usage` says; undefined when it does not say. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Why the text ended, in the model's words. */
  readonly finish?: string;
  /** Whether an event told of an error. */
  readonly failed: boolean;
  /** Whether it came to its end: there was a reason for it, or the last event, and no error. */
  readonly isWhole: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;
const hasText = (value: unknown): boolean => typeof value === "string" && value !== "";
const countIn = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;

const DONE = "[DONE]";

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) with chunks of
 * OpenAI's chat or text completions. Whatever is no such event makes it no stream; what breaks off in the
 * middle is one that is not whole.
 */
export function readStream(body: string): StreamReading {
  let [pieces, events, strange] = [0, 0, 0];
  let [isDone, failed] = [false, false];
  let usage: Json = {};
  let finish: string | undefined;
  for (const data of eventsIn(body)) {
    if (data === DONE) {
      isDone = true;
      continue;
    }
    const chunk = parse(data);
    if (!isObject(chunk)) {
      strange += 1;
      continue;
    }
    failed ||= isObject(chunk["error"]);
    if (isObject(chunk["usage"])) usage = chunk["usage"];
    const choices = Array.isArray(chunk["choices"]) ? chunk["choices"].filter(isObject) : undefined;
    if (choices || failed) events += 1;
    for (const choice of choices ?? []) {
      if (isContent(choice)) pieces += 1;
      if (typeof choice["finish_reason"] === "string") finish = choice["finish_reason"];
    }
  }
  const inputTokens = countIn(usage["prompt_tokens"]);
  const outputTokens = countIn(usage["completion_tokens"]);
  return {
    isStream: events > 0 && strange === 0,
    pieces,
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
    ...(finish !== undefined && { finish }),
    failed,
    isWhole: !failed && (isDone || finish !== undefined),
  };
}

/** The data of each event. One that no empty line ends has broken off, and the standard drops it. */
function* eventsIn(body: string): Generator<string> {
  let data: string[] = [];
  for (const line of body.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)) {
    if (line !== "") {
      if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
      continue;
    }
    if (data.length > 0) yield data.join("\n");
    data = [];
  }
}

function isContent({ delta, text }: Json): boolean {
  if (hasText(text)) return true;
  if (!isObject(delta)) return false;
  const { tool_calls: calls } = delta;
  return (
    ["content", "reasoning_content", "reasoning", "refusal"].some((name) => hasText(delta[name])) ||
    (Array.isArray(calls) && calls.length > 0)
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
