import type { ChatHistoryItem, Llama, LlamaChat, LlamaGrammar, Token } from "node-llama-cpp";
import { HeadroomError } from "../../../errors.ts";
import type { Ask, ConverseOptions, Generation, Wishes } from "../../generator.ts";
import { UntilStop } from "../../until-stop.ts";
import { endOf, measured } from "./generate.ts";
import type { Lane } from "./lanes.ts";

/**
 * No text has tokens that are longer on average. What is longer than so is not even cut into tokens: two million
 * letters take seconds, in which the process does nothing else.
 */
const MOST_CHARACTERS_PER_TOKEN = 16;

/** How far back the penalties for repetition look: enough for most answers, and bounded. */
const PENALTY_TOKENS = 1_024;

/** Lower than that of status requests, which is 5: where a step has no room for all, theirs goes first. */
const PRIORITY = 1;

/**
 * The tokens of what a client asks, as the model's own template writes it.
 *
 * @throws HeadroomError `context_length_exceeded` when a sequence has no room for them and one more
 */
export function tokensOf(chat: LlamaChat, ask: Ask): Token[] {
  const { contextSize } = chat.sequence;
  const texts = "text" in ask ? [ask.text] : ask.turns.map(({ text }) => text);
  // The template gives each a token at least.
  const least = texts.reduce((all, { length }) => all + length / MOST_CHARACTERS_PER_TOKEN + 1, 0);
  if (least > contextSize) throw tooLong(contextSize);
  const tokens = "text" in ask ? tokensOfText(chat, ask.text) : tokensOfTurns(chat, ask);
  // The sequence keeps one place for itself.
  if (tokens.length + 2 > contextSize) throw tooLong(contextSize, tokens.length);
  return tokens;
}

function tokensOfText({ model }: LlamaChat, text: string): Token[] {
  const { bos, shouldPrependBosToken } = model.tokens;
  const begin = bos !== null && shouldPrependBosToken ? [bos] : [];
  return [...begin, ...model.tokenize(text)];
}

function tokensOfTurns({ chatWrapper, model }: LlamaChat, ask: Ask): Token[] {
  const { contextText } = chatWrapper.generateContextState({ chatHistory: historyOf(ask) });
  return contextText.tokenize(model.tokenizer);
}

function tooLong(limit: number, count?: number): HeadroomError {
  const what =
    count === undefined
      ? `The prompt has far more tokens than the model's context of ${limit}.`
      : `The prompt has ${count} tokens, and the model's context of ${limit} must have room for it and an answer.`;
  return new HeadroomError(
    "context_length_exceeded",
    `${what} Send less, or start the exporter with a larger HEADROOM_CHAT_CONTEXT.`,
    { members: { param: "messages", limit, count, unit: "tokens" } },
  );
}

/**
 * Answers a client on a sequence. What the sequence evaluated before and begins like this is kept.
 *
 * @param tokens - see {@link tokensOf}
 */
export async function converseOn(
  { chat, completion }: Lane,
  ask: Ask,
  tokens: readonly Token[],
  { wishes, signal, onText }: ConverseOptions,
): Promise<Generation> {
  const { temperature, topP, seed, stop, maxTokens } = wishes;
  const until = new UntilStop(stop);
  const enough = new AbortController();
  let text = "";
  const say = (piece: string) => {
    if (piece === "") return;
    text += piece;
    onText?.(piece);
  };
  const room = chat.sequence.contextSize - 1 - tokens.length;
  const grammar = await grammarOf(chat.model.llama, wishes);
  const options = {
    maxTokens: Math.min(maxTokens ?? room, room),
    ...(grammar && { grammar }),
    ...{ temperature, topP, ...(seed !== undefined && { seed }) },
    repeatPenalty: penaltyOf(wishes),
    evaluationPriority: PRIORITY,
    signal: AbortSignal.any([signal, enough.signal]),
    stopOnAbortSignal: true,
    onTextChunk: (piece: string) => {
      say(until.add(piece));
      if (until.found) enough.abort();
    },
  } as const;
  const generation = await measured(chat.sequence, async (onToken) => {
    const { metadata } =
      "text" in ask
        ? await completion.generateCompletionWithMeta(ask.text, {
            ...options,
            onToken,
            // It would make room by forgetting the beginning; nothing here outgrows the context.
            contextShiftSize: 1,
          })
        : await chat.generateResponse(historyOf(ask), {
            ...options,
            onToken,
            // Thoughts are no answer, and nobody would see them.
            budgets: { thoughtTokens: 0 },
          });
    say(until.end());
    return { text, end: until.found ? "done" : endOf(metadata.stopReason) };
  });
  return { ...generation, text, tokens: { ...generation.tokens, input: tokens.length } };
}

function historyOf(ask: Ask): ChatHistoryItem[] {
  const turns = "turns" in ask ? ask.turns : [];
  return [
    ...turns.map(({ by, text }): ChatHistoryItem =>
      by === "model" ? { type: by, response: [text] } : { type: by, text },
    ),
    { type: "model", response: [] },
  ];
}

/** Over the whole answer, as OpenAI defines both; node-llama-cpp's own penalty is none of them. */
function penaltyOf({ presencePenalty, frequencyPenalty }: Wishes) {
  if (presencePenalty === 0 && frequencyPenalty === 0) return false as const;
  return { penalty: 1, presencePenalty, frequencyPenalty, lastTokens: PENALTY_TOKENS };
}

async function grammarOf(llama: Llama, { json }: Wishes): Promise<LlamaGrammar | undefined> {
  if (json === undefined) return undefined;
  if (json === "object") return llama.getGrammarFor("json");
  try {
    return await llama.createGrammarForJsonSchema(json as { readonly type: "object" });
  } catch (error) {
    throw new HeadroomError(
      "unsupported_parameter",
      "llama.cpp makes no grammar of this JSON schema; send a simpler one.",
      { cause: error, members: { param: "response_format" } },
    );
  }
}
