import { setTimeout as sleep } from "node:timers/promises";
import { type Part, type PartSettings, startPart } from "./part.ts";
import { type Probe, waitUntilReady } from "./readiness.ts";

/** A part to keep, and how to see that it is ready. */
export interface Starting extends PartSettings {
  readonly probe: Probe;
  readonly limitSeconds: number;
  /** How long it may answer nothing at all before it counts as hanging; a minute when absent. */
  readonly patienceMs?: number;
}

/** What becomes of a part that was ready once. */
export type Change =
  | { readonly state: "down"; readonly part: string; readonly why: string }
  /** A try to start it again failed; the next one follows after the pause. */
  | { readonly state: "failed"; readonly part: string; readonly why: string; pauseMs: number }
  | { readonly state: "up"; readonly part: string; readonly afterMs: number };

/** The first pause before a restart; each failure doubles it, up to the longest. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A part that ran for so long has recovered, and its next end is a new story. */
const STEADY_MS = 10_000;

const PATIENCE_MS = 60_000;
/** The time is counted in looks, so that a machine that was asleep meanwhile finds nothing hanging. */
const SILENT_LOOKS = 6;

/**
 * A part that is kept running: whenever it ends or hangs it is started again, after a pause that
 * grows, without end, until it is stopped.
 */
export class KeptPart {
  readonly #starting: Starting;
  readonly #tell: (change: Change) => void;
  readonly #stopping = new AbortController();
  #part: Part;

  private constructor(starting: Starting, part: Part, tell: (change: Change) => void) {
    this.#starting = starting;
    this.#part = part;
    this.#tell = tell;
    void this.#keep();
  }

  /**
   * Starts a part for the first time, and waits until it is ready.
   *
   * @param tell - called when it goes and when it comes back
   * @throws Error with the end of its log when it does not become ready; then nothing is kept
   */
  static async start(
    starting: Starting,
    signal: AbortSignal,
    tell: (change: Change) => void,
  ): Promise<KeptPart> {
    return new KeptPart(starting, await startReady(starting, signal), tell);
  }

  get name(): string {
    return this.#starting.name;
  }

  /** Of the process that runs now, or ran last. */
  get pid(): number {
    return this.#part.pid;
  }

  /** Ends it for good. */
  async stop(graceMs?: number): Promise<void> {
    this.#stopping.abort();
    await this.#part.stop(graceMs);
  }

  async #keep(): Promise<void> {
    const { name } = this.#starting;
    const stopping = this.#stopping.signal;
    for (let pauseMs = FIRST_PAUSE_MS; ;) {
      const started = performance.now();
      const why = await Promise.race([this.#part.ended, this.#hangs()]);
      if (stopping.aborted) return;
      const down = performance.now();
      if (down - started > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      this.#tell({ state: "down", part: name, why });
      await this.#part.stop(0);
      for (;;) {
        await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
        if (stopping.aborted) return;
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        const failure = await this.#startAgain();
        if (stopping.aborted) return;
        if (failure === undefined) break;
        this.#tell({ state: "failed", part: name, why: failure.message, pauseMs });
      }
      this.#tell({ state: "up", part: name, afterMs: performance.now() - down });
    }
  }

  /** What kept it from starting, if anything did. */
  async #startAgain(): Promise<Error | undefined> {
    try {
      const running = (part: Part) => (this.#part = part);
      await startReady(this.#starting, this.#stopping.signal, running);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  }

  /** Fulfilled when it runs but does not answer; an answer that it is not ready is one. */
  async #hangs(): Promise<string> {
    const part = this.#part;
    const { probe, patienceMs = PATIENCE_MS } = this.#starting;
    const signal = this.#stopping.signal;
    for (let silent = 0; part.isRunning() && !signal.aborted;) {
      await sleep(patienceMs / SILENT_LOOKS, undefined, { signal, ref: false }).catch(
        () => undefined,
      );
      silent = await probe().then(
        () => 0,
        () => silent + 1,
      );
      if (silent === SILENT_LOOKS) return `no answer to ${silent} questions in a row`;
    }
    return part.ended;
  }
}

/** A part that does not become ready is ended before the error is told. */
async function startReady(
  starting: Starting,
  signal: AbortSignal,
  running: (part: Part) => void = () => undefined,
): Promise<Part> {
  const part = await startPart(starting);
  running(part);
  try {
    await waitUntilReady(part, starting.probe, { limitSeconds: starting.limitSeconds, signal });
    return part;
  } catch (error) {
    await part.stop();
    throw error;
  }
}
