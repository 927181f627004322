import { HeadroomError } from "../errors.ts";
import { Supervised, type Part, type SupervisedOptions } from "./process/supervised.ts";
import type { ModelInfo, ScoreOptions, ScoreRequest, Scorer, Scores } from "./scorer.ts";

/** A scorer that may end. */
export type MortalScorer = Scorer & Part;

/** A scorer that is started again whenever it ended. */
export class SupervisedScorer implements Scorer {
  readonly model: ModelInfo;
  readonly #supervised: Supervised<MortalScorer>;
  readonly #listeners: (() => void)[];

  private constructor(supervised: Supervised<MortalScorer>, listeners: (() => void)[]) {
    this.model = supervised.part!.model;
    this.#supervised = supervised;
    this.#listeners = listeners;
  }

  /** @throws what the first start throws */
  static async start(options: SupervisedOptions<MortalScorer>): Promise<SupervisedScorer> {
    const listeners: (() => void)[] = [];
    const supervised = await Supervised.started<MortalScorer>({
      ...options,
      onUp: (scorer) => {
        options.onUp?.(scorer);
        for (const listener of listeners) listener();
      },
      onDown: (why, retrySeconds) => {
        options.onDown?.(why, retrySeconds);
        for (const listener of listeners) listener();
      },
    });
    return new SupervisedScorer(supervised, listeners);
  }

  get failure(): HeadroomError | undefined {
    const { why } = this.#supervised;
    if (why === undefined) return undefined;
    return new HeadroomError(
      "model_unavailable",
      `The sentiment model is being started again (${why}). Send the request again in a moment.`,
      { retryAfterSeconds: 1 },
    );
  }

  get restarting(): boolean {
    return this.#supervised.hopeful;
  }

  get pid(): number | undefined {
    return this.#supervised.part?.pid;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async score(requests: readonly ScoreRequest[], options?: ScoreOptions): Promise<Scores[]> {
    const { part } = this.#supervised;
    if (!part) throw this.failure!;
    return part.score(requests, options);
  }

  close(): Promise<void> {
    return this.#supervised.close();
  }
}
