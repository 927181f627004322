import PQueue from "p-queue";
import type {
  Ask,
  ConverseOptions,
  Generation,
  Generator,
  Prompt,
} from "../../engine/generator.ts";
import type { Language } from "../../language.ts";
import type { FallbackReason, StatusBudget } from "../answer.ts";
import type { ScenarioFindings } from "../scenarios.ts";
import type { Arrangement } from "./arrangement.ts";
import { estimateTokens, makeBudget, SpeedEstimate, type TimeLimit } from "./budget.ts";
import { buildPrompt } from "./prompt.ts";

/** What came of asking a model; the words themselves are in the arrangement. */
export interface Reply {
  /** Why the model's words are not used, or only those before it went wrong. */
  readonly fallback?: FallbackReason;
  /** Null when nothing fits into the time: then the model was not asked. */
  readonly budget: StatusBudget | null;
  readonly generation?: Generation;
  /** Why the model failed. */
  readonly error?: Error;
}

/** A reply with how long it had to wait for its turn. */
export type QueuedReply = Reply & { readonly queueMs: number };

/** Who takes what the model writes. */
export interface AskOptions {
  readonly arrangement: Arrangement;
  readonly signal: AbortSignal;
  /** Is told each piece of the summary; what was told stays true. */
  readonly onText: (piece: string) => void;
}

/** Whose turn comes first; among equals, who came first. */
const PRIORITY = { status: 1, client: 0 } as const;

/**
 * A model with those who wait for it, and with how fast it is now. Status requests go before clients' conversations,
 * which take seconds to minutes and therefore leave one sequence free, where there are several.
 */
export class ModelQueue {
  readonly generator: Generator;
  readonly #speed: SpeedEstimate;
  readonly #queue: PQueue;
  readonly #clients: PQueue;
  /** Whose instructions the model evaluated last; their state is still there. */
  #lastLanguage: Language | undefined;

  /** @param warm - the language whose instructions were evaluated while the model was loaded */
  constructor(generator: Generator, warm: Language) {
    this.generator = generator;
    this.#speed = new SpeedEstimate(generator.speed);
    this.#queue = new PQueue({ concurrency: generator.sequences });
    this.#clients = new PQueue({ concurrency: Math.max(1, generator.sequences - 1) });
    this.#lastLanguage = warm;
  }

  /** Status requests that wait for a sequence. */
  get waiting(): number {
    return this.#queue.sizeBy({ priority: PRIORITY.status });
  }

  /** Conversations that do. */
  get clientsWaiting(): number {
    return this.#clients.size + this.#queue.sizeBy({ priority: PRIORITY.client });
  }

  /**
   * Asks when it is their turn; the budget is made then, from what is left of the time.
   *
   * @throws the signal's reason when it aborts
   */
  ask(found: ScenarioFindings, time: TimeLimit, options: AskOptions): Promise<QueuedReply> {
    const queued = time.elapsed;
    return this.#queue.add(
      async () => {
        const queueMs = time.elapsed - queued;
        const isWarm = this.#lastLanguage === found.language;
        const reply = await askModel(this.generator, this.#speed, found, time, isWarm, options);
        if (reply.budget) this.#lastLanguage = found.language;
        return { ...reply, queueMs };
      },
      { signal: options.signal, priority: PRIORITY.status },
    );
  }

  /**
   * Goes on with a client's conversation when it is its turn.
   *
   * @throws the signal's reason when it aborts, and what `Generator.converse` throws
   */
  converse(ask: Ask, options: ConverseOptions): Promise<Generation> {
    const { signal } = options;
    const run = () => {
      // Where there is another sequence, one keeps the state of the instructions.
      if (this.generator.sequences === 1) this.#lastLanguage = undefined;
      return this.generator.converse(ask, options);
    };
    return this.#clients.add(() => this.#queue.add(run, { signal, priority: PRIORITY.client }), {
      signal,
    });
  }
}

/**
 * Asks a model to arrange the findings, within the time that is left. Nothing is thrown: a model that
 * fails is a reason to do without its words.
 *
 * @param isWarm - whether the model holds the state of the instructions
 */
export async function askModel(
  generator: Generator,
  speed: SpeedEstimate,
  { scenario, strategy, language, findings }: ScenarioFindings,
  time: TimeLimit,
  isWarm: boolean,
  { arrangement, signal, onText }: AskOptions,
): Promise<Reply> {
  const promptFor = (told: number) => buildPrompt(scenario, findings.slice(0, told), language);
  const most = Math.min(strategy.findings, findings.length);
  const leftMs = time.leftForModel;
  const made = makeBudget({
    leftSeconds: leftMs / 1000,
    speed,
    language,
    instructionTokens: isWarm ? 0 : instructionTokens(promptFor(0), language),
    askTokens: Array.from({ length: most + 1 }, (_, told) =>
      estimateTokens(promptFor(told).ask, language),
    ),
  });
  if (!made) return { fallback: "deadline", budget: null };
  const { told, inputTokens, outputTokens } = made;
  const budget: StatusBudget = {
    leftMs,
    prefillTokensPerSecond: speed.prefillTokensPerSecond,
    decodeTokensPerSecond: speed.decodeTokensPerSecond,
    inputTokens,
    outputTokens,
    findingsLeftOut: findings.length - told,
  };
  const enough = new AbortController();
  try {
    const grammar = arrangement.open(told);
    onText(arrangement.text);
    const generation = await generator.generate(promptFor(told), {
      maxTokens: outputTokens,
      grammar,
      signal: AbortSignal.any([signal, enough.signal, AbortSignal.timeout(Math.ceil(leftMs))]),
      onText: (piece) => {
        const said = arrangement.text.length;
        arrangement.add(piece);
        if (arrangement.text.length > said) onText(arrangement.text.slice(said));
        if (arrangement.isBroken) enough.abort();
      },
    });
    speed.observe(generation);
    const fallback = reasonAgainst(arrangement, generation);
    return { budget, generation, ...(fallback && { fallback }) };
  } catch (error) {
    return { fallback: "model_failed", budget, error: error as Error };
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
