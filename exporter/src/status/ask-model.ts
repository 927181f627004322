import type { Generation, Generator, Prompt } from "../engine/generator.ts";
import { linkSignals } from "../linked-signal.ts";
import type { FallbackReason, StatusBudget } from "./answer.ts";
import { estimateTokens, makeBudget } from "./budget.ts";
import type { Finding } from "./findings/finding.ts";
import { ungroundedParts } from "./grounding/ground.ts";
import type { Language } from "../language.ts";
import { buildPrompt } from "./prompts/build-prompt.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { SpeedEstimate } from "./speed-estimate.ts";
import type { Strategy } from "./strategies.ts";
import type { TimeLimit } from "./time-limit.ts";
import { Transcript } from "./transcript.ts";

/** What a model is asked about. */
export interface Question {
  readonly scenario: Scenario;
  readonly strategy: Strategy;
  readonly language: Language;
  /** The most important first. */
  readonly findings: readonly Finding[];
}

/** What came of it: the model's words, or why they cannot be used. */
export interface Reply {
  readonly text: string | undefined;
  readonly fallback?: FallbackReason;
  readonly budget: StatusBudget | null;
  readonly generation?: Generation;
  /** Why the model failed. */
  readonly error?: Error;
}

/**
 * Asks a model to say the findings in its own words, within the time that is left, and checks what
 * it says. Nothing is thrown: a model that fails is a reason to do without its words.
 *
 * @param isWarm - whether the model holds the state of the instructions
 * @param onText - is told each piece of the text before it is checked
 */
export async function askModel(
  generator: Generator,
  speed: SpeedEstimate,
  { scenario, strategy, language, findings }: Question,
  time: TimeLimit,
  options: {
    readonly isWarm: boolean;
    readonly signal: AbortSignal;
    readonly onText: (piece: string) => void;
  },
): Promise<Reply> {
  const promptFor = (told: number): Prompt =>
    buildPrompt(scenario, findings.slice(0, told), language);
  const most = Math.min(strategy.findings, findings.length);
  const leftMs = time.leftForModel;
  const made = makeBudget({
    leftSeconds: leftMs / 1000,
    speed,
    instructionTokens: options.isWarm ? 0 : instructionTokens(promptFor(0), language),
    questionTokens: Array.from({ length: most + 1 }, (_, told) =>
      estimateTokens(promptFor(told).ask, language),
    ),
    mostOutputTokens: strategy.answerTokens,
  });
  if (!made) return { text: undefined, fallback: "deadline", budget: null };
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
    const prompt = promptFor(made.told);
    const transcript = new Transcript(prompt.begin, findings.slice(0, made.told), language);
    options.onText(prompt.begin);
    const generation = await generator.generate(prompt, {
      maxTokens: made.outputTokens,
      signal: wanted.signal,
      onText: (piece) => {
        const kept = transcript.add(piece);
        if (kept !== "") options.onText(kept);
        if (transcript.isEnough) enough.abort();
      },
    });
    speed.observe(generation);
    const text = transcript.summary(generation.end === "done");
    const said = text.slice(prompt.begin.length);
    const fallback =
      said === ""
        ? reasonForNothing(generation)
        : ungroundedParts(text, findings, language).length > 0
          ? "ungrounded"
          : undefined;
    return { text: fallback ? undefined : text, budget, generation, ...(fallback && { fallback }) };
  } catch (error) {
    return { text: undefined, fallback: "model_failed", budget, error: error as Error };
  } finally {
    wanted.release();
  }
}

/** Cut off before its first sentence was whole, it is not the model's words that are at fault. */
function reasonForNothing({ end }: Generation): FallbackReason {
  return end === "done" ? "ungrounded" : "deadline";
}

function instructionTokens({ system, examples }: Prompt, language: Language): number {
  const texts = [system, ...examples.flatMap(({ ask, answer }) => [ask, answer])];
  return estimateTokens(texts.join(""), language);
}
