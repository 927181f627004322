import type { Speed } from "../engine/generator.ts";
import type { Language } from "../language.ts";

/** What an answer may cost. */
export interface Budget {
  /** How many of the findings the model is told. */
  readonly told: number;
  /** Tokens of the question with these findings, estimated. */
  readonly inputTokens: number;
  /** The most tokens of the answer. */
  readonly outputTokens: number;
}

/** What a budget is made from. */
export interface BudgetOptions {
  /** Seconds until the answer must be complete. */
  readonly leftSeconds: number;
  readonly speed: Speed;
  /** Tokens that are evaluated before the question, because their state is not there. */
  readonly instructionTokens: number;
  /** Estimated tokens of the question when the model is told so many findings: at 0, 1, 2 ... */
  readonly questionTokens: readonly number[];
  /** The most tokens of an answer. */
  readonly mostOutputTokens: number;
}

/** An answer that is shorter than this says nothing: a verdict alone takes some ten tokens. */
const LEAST_OUTPUT_TOKENS = 24;

/** Kept for what the estimate cannot know: scheduling, sending, a token that takes longer. */
const RESERVE = 0.15;

/**
 * Fits question and answer into the time that is left: the answer shrinks first, down to the
 * length of the facts that it repeats, then findings are left out from the end, the least important
 * first.
 *
 * @returns undefined when not even one finding and a verdict fit
 */
export function makeBudget(options: BudgetOptions): Budget | undefined {
  const { speed, questionTokens, mostOutputTokens } = options;
  const seconds = options.leftSeconds * (1 - RESERVE);
  for (let told = questionTokens.length - 1; told > 0; told--) {
    const question = questionTokens[told]!;
    const prefill = (options.instructionTokens + question) / speed.prefillTokensPerSecond;
    const room = Math.floor((seconds - prefill) * speed.decodeTokensPerSecond);
    // An answer that repeats the facts is about as long as they are.
    const needed = Math.max(LEAST_OUTPUT_TOKENS, question - questionTokens[0]!);
    const outputTokens = Math.min(room, mostOutputTokens);
    if (outputTokens >= Math.min(needed, mostOutputTokens)) {
      return { told, inputTokens: question, outputTokens };
    }
  }
  return undefined;
}

/**
 * Characters of a token, on the careful side: texts with many figures have some 2.5 in English and
 * 1 in Japanese. Measured with SmolLM2's tokenizer on the findings.
 */
const CHARACTERS_PER_TOKEN: Readonly<Record<Language, number>> = { en: 2.5, ja: 1 };

/** About how many tokens a text has. */
export function estimateTokens(text: string, language: Language): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN[language]);
}
