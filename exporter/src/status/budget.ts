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
  readonly language: Language;
  /** Tokens that are evaluated before the question, because their state is not there. */
  readonly instructionTokens: number;
  /** Estimated tokens of the question when the model is told so many findings: at 0, 1, 2 ... */
  readonly questionTokens: readonly number[];
}

/**
 * The most tokens that a model writes to place a fact: the longest phrase before it, and its letter in
 * braces. Counted with SmolLM2's tokenizer, which has few Japanese words.
 */
const PLACING_TOKENS: Readonly<Record<Language, number>> = { en: 8, ja: 16 };

/** Kept for what the estimate cannot know: scheduling, sending, a token that takes longer. */
const RESERVE = 0.15;

/**
 * Fits question and answer into the time that is left: findings are left out from the end, the least
 * important first.
 *
 * @returns undefined when not even one finding fits
 */
export function makeBudget(options: BudgetOptions): Budget | undefined {
  const { speed, language, questionTokens, instructionTokens } = options;
  const seconds = options.leftSeconds * (1 - RESERVE);
  for (let told = questionTokens.length - 1; told > 0; told--) {
    const inputTokens = questionTokens[told]!;
    const outputTokens = PLACING_TOKENS[language] * told;
    const prefill = (instructionTokens + inputTokens) / speed.prefillTokensPerSecond;
    if (prefill + outputTokens / speed.decodeTokensPerSecond <= seconds) {
      return { told, inputTokens, outputTokens };
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
