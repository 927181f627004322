import PQueue from "p-queue";
import type { Generator } from "../engine/generator.ts";
import type { Arrangement } from "./arrangement.ts";
import { askModel, type Question, type Reply } from "./ask-model.ts";
import type { Language } from "../language.ts";
import { SpeedEstimate } from "./speed-estimate.ts";
import type { TimeLimit } from "./time-limit.ts";

/** A model with those who wait for it, and with how fast it is now. */
export class ModelQueue {
  readonly generator: Generator;
  readonly #speed: SpeedEstimate;
  readonly #queue: PQueue;
  /** Whose instructions the model evaluated last; their state is still there. */
  #lastLanguage: Language | undefined;

  /** @param warm - the language whose instructions were evaluated while the model was loaded */
  constructor(generator: Generator, warm: Language) {
    this.generator = generator;
    this.#speed = new SpeedEstimate(generator.speed);
    this.#queue = new PQueue({ concurrency: generator.sequences });
    this.#lastLanguage = warm;
  }

  /** Questions that wait for a sequence. */
  get waiting(): number {
    return this.#queue.size;
  }

  /**
   * Asks when it is the question's turn; the budget is made then, from what is left.
   *
   * @throws the signal's reason when it aborts
   */
  ask(
    question: Question,
    time: TimeLimit,
    options: {
      readonly arrangement: Arrangement;
      readonly signal: AbortSignal;
      readonly onText: (piece: string) => void;
    },
  ): Promise<Reply & { readonly queueMs: number }> {
    const queued = time.elapsed;
    return this.#queue.add(
      async () => {
        const queueMs = time.elapsed - queued;
        const isWarm = this.#lastLanguage === question.language;
        const reply = await askModel(this.generator, this.#speed, question, time, {
          ...options,
          isWarm,
        });
        // Without a budget the model was not asked.
        if (reply.budget) this.#lastLanguage = question.language;
        return { ...reply, queueMs };
      },
      { signal: options.signal },
    );
  }
}
