/** Something that can end by itself. */
export interface Part {
  /** Is told once why it ended, as a piece of a sentence. */
  onEnd(listener: (why: string) => void): void;
  close(): Promise<void>;
}

/** How a part is kept alive. */
export interface SupervisedOptions<P extends Part> {
  /**
   * Starts the part.
   *
   * @param signal - aborts when it is not wanted any more
   */
  readonly open: (signal: AbortSignal) => Promise<P>;
  /** Whether a start that failed like this, before any worked, would always fail; none by default. */
  readonly isFinal?: (error: unknown) => boolean;
  /** Is told of each start that worked. */
  readonly onUp?: (part: P) => void;
  /**
   * Is told why the part is down: it ended, or a start failed.
   *
   * @param retrySeconds - when it is started again; undefined when it is not
   */
  readonly onDown?: (why: string, retrySeconds: number | undefined) => void;
  /** Seconds before the second start in a row, which doubles for each after that; tests have less. */
  readonly backoffSeconds?: number;
}

const BACKOFF_SECONDS = 0.5;
const LONGEST_BACKOFF_SECONDS = 60;
/** After so many starts in a row it is back within two seconds, or something is wrong with it. */
const HOPEFUL_FAILURES = 3;
/** A part that lived so long failed for a reason of its own, not because it cannot work at all. */
const LIVED_SECONDS = 60;

/**
 * Keeps a part alive, such as a scorer or the chat model: when it ends, or cannot be started, it is started again, at once the first time, and
 * then ever less often, but without end, because what was missing may come back.
 */
export class Supervised<P extends Part> {
  readonly #options: SupervisedOptions<P>;
  readonly #closing = new AbortController();
  #part: P | undefined;
  #why = "it is being started";
  #wasUp = false;
  /** Starts in a row that did not last. */
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #starting: Promise<void> = Promise.resolve();

  private constructor(options: SupervisedOptions<P>) {
    this.#options = options;
  }

  /**
   * Starts a part, and keeps it alive from then on.
   *
   * @throws what its first start throws: then it is not tried again
   */
  static async started<P extends Part>(options: SupervisedOptions<P>): Promise<Supervised<P>> {
    const self = new Supervised(options);
    self.#use(await options.open(self.#closing.signal));
    return self;
  }

  /** Keeps a part alive whose first start may fail like any other. */
  static starting<P extends Part>(options: SupervisedOptions<P>): Supervised<P> {
    const self = new Supervised(options);
    self.#starting = self.#start();
    return self;
  }

  /** Undefined while it is down. */
  get part(): P | undefined {
    return this.#part;
  }

  /** Why it is down. */
  get why(): string | undefined {
    return this.#part ? undefined : this.#why;
  }

  /** Whether it is down and likely to be back in a moment. */
  get hopeful(): boolean {
    return !this.#part && this.#failures <= HOPEFUL_FAILURES && !this.#closing.signal.aborted;
  }

  /** Fulfilled when the start that goes on has worked or failed. */
  get settled(): Promise<void> {
    return this.#starting;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the exporter stops"));
    clearTimeout(this.#timer);
    await this.#starting;
    await this.#part?.close();
  }

  async #start(): Promise<void> {
    try {
      const part = await this.#options.open(this.#closing.signal);
      if (this.#closing.signal.aborted) return await part.close();
      this.#use(part);
    } catch (error) {
      this.#failures += 1;
      const isFinal = !this.#wasUp && (this.#options.isFinal?.(error) ?? false);
      this.#retry((error as Error).message, isFinal);
    }
  }

  #use(part: P): void {
    const since = performance.now();
    this.#part = part;
    this.#wasUp = true;
    part.onEnd((why) => {
      this.#part = undefined;
      const lived = (performance.now() - since) / 1000 >= LIVED_SECONDS;
      this.#failures = lived ? 1 : this.#failures + 1;
      this.#retry(why);
    });
    this.#options.onUp?.(part);
  }

  #retry(why: string, isFinal = false): void {
    if (this.#closing.signal.aborted) return;
    this.#why = why;
    if (isFinal) return this.#options.onDown?.(why, undefined);
    const first = this.#options.backoffSeconds ?? BACKOFF_SECONDS;
    const doubled = first * 2 ** (this.#failures - 2);
    const seconds = this.#failures <= 1 ? 0 : Math.min(LONGEST_BACKOFF_SECONDS, doubled);
    this.#options.onDown?.(why, seconds);
    this.#timer = setTimeout(() => (this.#starting = this.#start()), 1000 * seconds);
  }
}
