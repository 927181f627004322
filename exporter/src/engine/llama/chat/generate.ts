import type { ChatHistoryItem, LlamaChat, LlamaContextSequence } from "node-llama-cpp";
import {
  toGbnf,
  type GenerateOptions,
  type Generation,
  type GenerationEnd,
  type Prompt,
} from "../../generator.ts";

/**
 * Generates one text on a sequence. What the sequence evaluated before and begins like this prompt
 * is kept: node-llama-cpp evaluates only what differs.
 */
export async function generateOn(
  chat: LlamaChat,
  prompt: Prompt,
  { maxTokens, grammar, signal, onText }: GenerateOptions,
): Promise<Generation> {
  const { llama } = chat.model;
  return measured(chat.sequence, async (onToken) => {
    const { response, metadata } = await chat.generateResponse(historyOf(prompt), {
      maxTokens,
      ...(grammar && { grammar: await llama.createGrammar({ grammar: toGbnf(grammar) }) }),
      signal,
      stopOnAbortSignal: true,
      // The same facts give the same words. A penalty for repetition would alter repeated figures.
      temperature: 0,
      repeatPenalty: false,
      // There is no time for models that think first.
      budgets: { thoughtTokens: 0 },
      trimWhitespaceSuffix: true,
      onToken,
      ...(onText && { onTextChunk: onText }),
    });
    return { text: response, end: endOf(metadata.stopReason) };
  });
}

/**
 * What a text cost: its tokens by the sequence's own count, and its times.
 *
 * @param generate - calls what it is given at each token
 */
export async function measured(
  sequence: LlamaContextSequence,
  generate: (onToken: () => void) => Promise<Pick<Generation, "text" | "end">>,
): Promise<Generation> {
  const before = sequence.tokenMeter.getState();
  const started = performance.now();
  let firstAt: number | undefined;
  const { text, end } = await generate(() => (firstAt ??= performance.now()));
  const ended = performance.now();
  const { usedInputTokens, usedOutputTokens } = sequence.tokenMeter.diff(before);
  const first = firstAt ?? ended;
  return {
    text,
    end,
    tokens: {
      input: Math.max(usedInputTokens, sequence.nextTokenIndex - usedOutputTokens),
      evaluated: usedInputTokens,
      output: usedOutputTokens,
    },
    prefillSeconds: (first - started) / 1000,
    decodeSeconds: (ended - first) / 1000,
  };
}

function historyOf({ system, examples, ask }: Prompt): ChatHistoryItem[] {
  return [
    { type: "system", text: system },
    ...examples.flatMap(({ ask, answer }): ChatHistoryItem[] => [
      { type: "user", text: ask },
      { type: "model", response: [answer] },
    ]),
    { type: "user", text: ask },
    { type: "model", response: [] },
  ];
}

/** Why node-llama-cpp ended a text, in our words. */
export function endOf(stopReason: string): GenerationEnd {
  if (stopReason === "abort") return "aborted";
  return stopReason === "maxTokens" ? "length" : "done";
}
