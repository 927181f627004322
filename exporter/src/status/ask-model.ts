import type { Generation, Generator, Prompt } from "../engine/generator.ts";
import { linkSignals } from "../linked-signal.ts";
import type { FallbackReason, StatusBudget } from "./answer.ts";
import type { Arrangement } from "./arrangement.ts";
import { estimateTokens, makeBudget } from "./budget.ts";
import type { Finding } from "./findings/finding.ts";
import type { Language } from "../language.ts";
import { buildPrompt } from "./prompt.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { SpeedEstimate } from "./speed-estimate.ts";
import type { Strategy } from "./strategies.ts";
import type { TimeLimit } from "./time-limit.ts";

/** What a model is asked about. */
export interface Question {
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  readonly language: Language;
  /** The most important first. */
  readonly findings: readonly Finding[];
  /** Whether all could be read that the findings are about. */
  readonly isComplete: boolean;
}

/** What came of it; the words themselves are in the arrangement. */
export interface Reply {
  /** Why the model's words are not used, or only those before it went wrong. */
  readonly fallback?: FallbackReason;
  readonly budget: StatusBudget | null;
  readonly generation?: Generation;
  /** Why the model failed. */
  readonly error?: Error;
}

/**
 * Asks a model to arrange the findings, within the time that is left. Nothing is thrown: a model that
 * fails is a reason to do without its words.
 *
 * @param arrangement - takes what the model writes
 * @param isWarm - whether the model holds the state of the instructions
 * @param onText - is told each piece of the summary; what was told stays true
 */
export async function askModel(
  generator: Generator,
  speed: SpeedEstimate,
  { scenario, strategy, language, findings }: Question,
  time: TimeLimit,
  options: {
    readonly arrangement: Arrangement;
    readonly isWarm: boolean;
    readonly signal: AbortSignal;
    readonly onText: (piece: string) => void;
  },
): Promise<Reply> {
  const { arrangement } = options;
  const promptFor = (told: number): Prompt =>
    buildPrompt(scenario, findings.slice(0, told), language);
  const most = Math.min(strategy.findings, findings.length);
  const leftMs = time.leftForModel;
  const made = makeBudget({
    leftSeconds: leftMs / 1000,
    speed,
    language,
    instructionTokens: options.isWarm ? 0 : instructionTokens(promptFor(0), language),
    questionTokens: Array.from({ length: most + 1 }, (_, told) =>
      estimateTokens(promptFor(told).ask, language),
    ),
  });
  if (!made) return { fallback: "deadline", budget: null };
  const budget: StatusBudget = {
    leftMs,
    prefillTokensPerSecond: speed.prefillTokensPerSecond,
    decodeTokensPerSecond: speed.decodeTokensPerSecond,
    inputTokens: made.inputTokens,
    outputTokens: made.outputTokens,
    findingsLeftOut: findings.length - made.told,
  };
  const enough = new AbortController();
  const wanted = linkSignals([options.signal, enough.signal], leftMs);
  try {
    const grammar = arrangement.open(made.told);
    options.onText(arrangement.text);
    const generation = await generator.generate(promptFor(made.told), {
      maxTokens: made.outputTokens,
      grammar,
      signal: wanted.signal,
      onText: (piece) => {
        const said = arrangement.text.length;
        arrangement.add(piece);
        if (arrangement.text.length > said) options.onText(arrangement.text.slice(said));
        if (arrangement.isBroken) enough.abort();
      },
    });
    speed.observe(generation);
    const fallback = reasonAgainst(arrangement, generation);
    return { budget, generation, ...(fallback && { fallback }) };
  } catch (error) {
    return { fallback: "model_failed", budget, error: error as Error };
  } finally {
    wanted.release();
  }
}

/** An end before all is arranged breaks the grammar, unless the model was cut off. */
function reasonAgainst(
  { isBroken, isArranged, isFinished, placed }: Arrangement,
  { end }: Generation,
): FallbackReason | undefined {
  // Whoever began it had no time left.
  if (isFinished) return "deadline";
  if (isBroken || (end === "done" && !isArranged)) return "ungrounded";
  return placed === 0 ? "deadline" : undefined;
}

function instructionTokens({ system, examples }: Prompt, language: Language): number {
  const texts = [system, ...examples.flatMap(({ ask, answer }) => [ask, answer])];
  return estimateTokens(texts.join(""), language);
}
