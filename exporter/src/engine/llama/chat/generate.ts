import type { ChatHistoryItem, LlamaChat } from "node-llama-cpp";
import {
  toGbnf,
  type GenerateOptions,
  type Generation,
  type GenerationEnd,
  type Prompt,
} from "../../generator.ts";

/** Sequences, lent one at a time; who finds none waits for the next that is given back. */
export class Lanes {
  readonly all: readonly LlamaChat[];
  readonly #free: { readonly chat: LlamaChat; readonly last: string }[];
  readonly #waiting: ((chat: LlamaChat) => void)[] = [];

  constructor(chats: readonly LlamaChat[]) {
    this.all = chats;
    this.#free = chats.map((chat) => ({ chat, last: "" }));
  }

  /**
   * Generates a text on a sequence: on one that had the same instructions last, because that one still
   * holds their state, or else on the one that is free the longest.
   */
  async generate(prompt: Prompt, options: GenerateOptions): Promise<Generation> {
    const chat = this.#take(prompt.system) ?? (await this.#next());
    try {
      return await generateOn(chat, prompt, options);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(chat);
      else this.#free.push({ chat, last: prompt.system });
    }
  }

  #take(system: string): LlamaChat | undefined {
    const same = this.#free.findIndex(({ last }) => last === system);
    return this.#free.splice(Math.max(0, same), 1)[0]?.chat;
  }

  #next(): Promise<LlamaChat> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/**
 * Generates one text on a sequence. What the sequence evaluated before and begins like this prompt
 * is kept: node-llama-cpp evaluates only what differs.
 */
export async function generateOn(
  chat: LlamaChat,
  prompt: Prompt,
  { maxTokens, grammar, signal, onText }: GenerateOptions,
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
    ...(onText && { onTextChunk: onText }),
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
