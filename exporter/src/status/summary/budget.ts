import type { Generation, Speed } from "../../engine/generator.ts";
import type { Language } from "../../language.ts";

/** Kept of the deadline for ending, storing and sending a summary, in milliseconds. */
const FINISHING_MS = 100;

/** Kept of the deadline for sending an answer, in milliseconds. */
const SENDING_MS = 40;

/** The time that one answer has; times are in milliseconds. */
export class TimeLimit {
  /** From acceptance to the answer. */
  readonly ms: number;
  readonly #acceptedAt: number;
  readonly #now: () => number;

  /** @param acceptedAt - on the clock of `now` */
  constructor(ms: number, acceptedAt: number, now: () => number) {
    this.ms = ms;
    this.#acceptedAt = acceptedAt;
    this.#now = now;
  }

  /** Since acceptance. */
  get elapsed(): number {
    return this.#now() - this.#acceptedAt;
  }

  /** Until the model must be done; at least 0. */
  get leftForModel(): number {
    return Math.max(0, this.ms - FINISHING_MS - this.elapsed);
  }

  /** Until an answer must be sent, whatever there is; at least 0. */
  get leftForAnswer(): number {
    return Math.max(0, this.ms - SENDING_MS - this.elapsed);
  }
}

/** Weight of the newest answer: the estimate follows a change within some five answers. */
const NEWEST = 0.3;

/** Fewer tokens than these tell more about the clock than about the model. */
const LEAST_TOKENS = 4;

/** A moving estimate of how fast a model is now, with whatever runs beside it. */
export class SpeedEstimate implements Speed {
  prefillTokensPerSecond: number;
  decodeTokensPerSecond: number;

  /** @param initial - as measured while the model was loaded */
  constructor(initial: Speed) {
    this.prefillTokensPerSecond = initial.prefillTokensPerSecond;
    this.decodeTokensPerSecond = initial.decodeTokensPerSecond;
  }

  /** Takes in what an answer showed; one that was cut off before its first token shows nothing. */
  observe({ tokens, prefillSeconds, decodeSeconds }: Generation): void {
    if (tokens.evaluated >= LEAST_TOKENS && tokens.output > 0 && prefillSeconds > 0) {
      const newest = tokens.evaluated / prefillSeconds;
      this.prefillTokensPerSecond = blend(this.prefillTokensPerSecond, newest);
    }
    if (tokens.output >= LEAST_TOKENS && decodeSeconds > 0) {
      const newest = (tokens.output - 1) / decodeSeconds;
      this.decodeTokensPerSecond = blend(this.decodeTokensPerSecond, newest);
    }
  }
}

/** Times add up and rates do not, so it is the times a token that are averaged. */
function blend(old: number, newest: number): number {
  return 1 / ((1 - NEWEST) / old + NEWEST / newest);
}

/** What an answer may cost. */
interface Budget {
  /** How many of the findings the model is told. */
  readonly told: number;
  /** Tokens of the prompt's new part with these findings, estimated. */
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
  /** Tokens of the instructions, when their state is not there. */
  readonly instructionTokens: number;
  /** Estimated tokens of the rest when the model is told so many findings: at 0, 1, 2 ... */
  readonly askTokens: readonly number[];
}

/**
 * The most tokens that a model writes to place a fact: the longest phrase before it, and its letter in
 * braces. Counted with SmolLM2's tokenizer, which has few Japanese words.
 */
const PLACING_TOKENS: Readonly<Record<Language, number>> = { en: 8, ja: 16 };

/** Kept for what the estimate cannot know: scheduling, sending, a token that takes longer. */
const RESERVE = 0.15;

/**
 * Fits prompt and answer into the time that is left: findings are left out from the end, the least
 * important first.
 *
 * @returns undefined when not even one finding fits
 */
export function makeBudget(options: BudgetOptions): Budget | undefined {
  const { speed, language, askTokens, instructionTokens } = options;
  const seconds = options.leftSeconds * (1 - RESERVE);
  for (let told = askTokens.length - 1; told > 0; told--) {
    const inputTokens = askTokens[told]!;
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
