import { SERVED_BY } from "./balancer.ts";

/** A streamed chat answer that has begun. */
export interface Stream {
  readonly servedBy: string;
  /** Whether it comes to its end, or breaks off before. */
  readonly end: Promise<"whole" | "broken">;
}

/**
 * Asks for streamed answers, and waits until the first piece of each is there.
 *
 * @param tokens - how long each is
 * @throws Error with the answer that is no stream
 */
export function openStreams(door: string, count: number, tokens: number): Promise<Stream[]> {
  return Promise.all(Array.from({ length: count }, () => open(door, tokens)));
}

async function open(door: string, tokens: number): Promise<Stream> {
  const answer = await fetch(`${door}/v1/chat/completions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      model: "simulated",
      messages: [{ role: "user", content: "Tell of this machine." }],
      max_tokens: tokens,
      stream: true,
    }),
  });
  const servedBy = answer.headers.get(SERVED_BY) ?? "";
  if (!answer.ok) throw new Error(`a chat request got ${answer.status}: ${await answer.text()}`);
  const pieces = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  const first = await pieces.read().catch(() => undefined);
  return { servedBy, end: first ? toEnd(pieces, first.value ?? "") : Promise.resolve("broken") };
}

async function toEnd(
  pieces: ReadableStreamDefaultReader<string>,
  first: string,
): Promise<"whole" | "broken"> {
  let text = first;
  try {
    for (;;) {
      const { done, value } = await pieces.read();
      if (done) break;
      text += value;
    }
  } catch {
    return "broken";
  }
  return text.trimEnd().endsWith("data: [DONE]") ? "whole" : "broken";
}
