import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readStream } from "./chat-stream.ts";
import { overlap } from "./chat-load.ts";

const event = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;
const piece = (delta: object, finish: string | null = null) =>
  event({ choices: [{ index: 0, delta, finish_reason: finish }] });
const DONE = "data: [DONE]\n\n";
const USAGE = event({ choices: [], usage: { prompt_tokens: 11, completion_tokens: 3 } });
const WHOLE =
  piece({ role: "assistant", content: "" }) +
  piece({ content: "a" }) +
  ": keep-alive\n\n" +
  piece({ content: "b" }) +
  piece({}, "stop") +
  USAGE +
  DONE;

describe("a streamed answer", () => {
  it("tells its pieces, its tokens and why it ended", () => {
    expect(readStream(WHOLE)).toEqual({
      isStream: true,
      pieces: 2,
      inputTokens: 11,
      outputTokens: 3,
      finish: "stop",
      failed: false,
      isWhole: true,
    });
    expect(readStream(WHOLE.replaceAll("\n", "\r\n"))).toEqual(readStream(WHOLE));
  });

  it("has reasoning, calls and the text of completions as content", () => {
    const calls = piece({ tool_calls: [{ index: 0 }] }) + piece({ tool_calls: [] });
    const reasoning = piece({ reasoning_content: "x" }) + piece({ reasoning: "y" });
    const text = event({ choices: [{ index: 0, text: "z", finish_reason: "length" }] });
    expect(readStream(calls + reasoning + text)).toMatchObject({ pieces: 4, isWhole: true });
  });

  it("does not say its tokens where it has no usage, or a wrong one", () => {
    expect(readStream(WHOLE.replace(USAGE, ""))).not.toHaveProperty("outputTokens");
    const wrong = event({ choices: [], usage: { prompt_tokens: "many", completion_tokens: -1 } });
    expect(readStream(WHOLE.replace(USAGE, wrong))).not.toHaveProperty("inputTokens");
    expect(readStream(WHOLE.replace(USAGE, event({ choices: [], usage: null }))).isWhole).toBe(
      true,
    );
  });

  it("is not whole when it breaks off or tells of an error", () => {
    const half = WHOLE.slice(0, WHOLE.indexOf("stop"));
    expect(readStream(half)).toMatchObject({ isStream: true, pieces: 2, isWhole: false });
    const failed = piece({ content: "a" }) + event({ error: { message: "no memory" } }) + DONE;
    expect(readStream(failed)).toMatchObject({ isStream: true, failed: true, isWhole: false });
  });

  it.each([
    ["nothing", ""],
    ["JSON", '{"choices":[{"message":{"content":"hello"}}]}'],
    ["HTML", "<html><body>502 Bad Gateway</body></html>"],
    ["events of another kind", 'data: {"type":"ping"}\n\n'],
    ["events that are no JSON", `${WHOLE}data: {"choices":\n\n`],
    ["only the last event", DONE],
  ])("is none when it is %s", (_, body) => {
    expect(readStream(body).isStream).toBe(false);
  });

  it("can be anything without the reader failing", () => {
    fc.assert(fc.property(fc.string(), (text) => void readStream(`${WHOLE}data: ${text}\n\n`)));
    fc.assert(fc.property(fc.json(), (json) => void readStream(`data: ${json}\n\n`)));
  });
});

it("the share of a span in another one is between 0 and 1", () => {
  const within = { from: 10, to: 20 };
  expect(overlap({ from: 5, to: 15 }, within)).toBe(0.5);
  expect(overlap({ from: 12, to: 14 }, within)).toBe(1);
  expect(overlap({ from: 0, to: 40 }, within)).toBe(0.25);
  expect(overlap({ from: 21, to: 22 }, within)).toBe(0);
  expect(overlap({ from: 15, to: 15 }, within)).toBe(1);
  expect(overlap({ from: 5, to: 5 }, within)).toBe(0);
});
