import type { ChatHistoryItem, LlamaChat } from "node-llama-cpp";
import { toGbnf } from "../../grammar.ts";
import type { GenerateOptions, Generation, GenerationEnd, Prompt } from "../../generator.ts";

/**
 * Generates one text on a sequence. What the sequence evaluated before and begins like this prompt
 * is kept: node-llama-cpp evaluates only what differs.
 */
export async function generateOn(
  chat: LlamaChat,
  prompt: Prompt,
  {
    maxTokens,
    grammar,
    signal,
    onText,
  }: GenerateOptions & Pick<Required<GenerateOptions>, "onText">,
): Promise<Generation> {
  const meter = chat.sequence.tokenMeter;
  const before = meter.getState();
  const started = performance.now();
  let firstAt: number | undefined;
  const { llama } = chat.model;
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
    onToken: () => (firstAt ??= performance.now()),
    onTextChunk: onText,
  });
  const ended = performance.now();
  const { usedInputTokens, usedOutputTokens } = meter.diff(before);
  const first = firstAt ?? ended;
  return {
    text: response,
    end: endOf(metadata.stopReason),
    tokens: {
      input: Math.max(usedInputTokens, chat.sequence.nextTokenIndex - usedOutputTokens),
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

function endOf(stopReason: string): GenerationEnd {
  if (stopReason === "abort") return "aborted";
  return stopReason === "maxTokens" ? "length" : "done";
}
