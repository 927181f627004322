import type { Activity } from "./activity.ts";
import { endedError, type Part, type PartSettings, startPart } from "./processes/part.ts";
import { freePort } from "./processes/ports.ts";
import { type Probe, waitUntilReady } from "./processes/readiness.ts";
import type { RunFolder } from "./run-folder.ts";

/** A part to start, and how to see that it is ready. */
export interface Starting extends Omit<PartSettings, "logFile"> {
  readonly probe: Probe;
  readonly limitSeconds: number;
}

/** The parts of one run: started one after the other, stopped in the opposite order. */
export class Session {
  readonly folder: RunFolder;
  readonly activity: Activity;
  readonly signal: AbortSignal;
  readonly #say: (line: string) => void;
  readonly #parts: Part[] = [];
  /** A part may start long after its port was asked for. */
  readonly #promised: number[] = [];

  constructor(options: {
    readonly folder: RunFolder;
    readonly activity: Activity;
    readonly signal: AbortSignal;
    readonly say: (line: string) => void;
  }) {
    this.folder = options.folder;
    this.activity = options.activity;
    this.signal = options.signal;
    this.#say = options.say;
  }

  /**
   * A free port for a part: the preferred one, else the next, which is then named. No other part of
   * this run gets it.
   *
   * @throws Error when no port near it is free
   */
  async port(part: string, preferred: number): Promise<number> {
    const port = await freePort(preferred, this.#promised);
    this.#promised.push(port);
    if (port !== preferred) this.#say(`Port ${preferred} is taken; ${part} takes ${port}.`);
    return port;
  }

  /**
   * Starts a part and waits until it is ready.
   *
   * @throws Error that shows the end of its log when it does not become ready
   */
  async start(starting: Starting): Promise<Part> {
    this.signal.throwIfAborted();
    const { name, limitSeconds, probe } = starting;
    return this.activity(`Starting ${name}`, async () => {
      const part = await startPart({ ...starting, logFile: this.folder.log(name) });
      this.#parts.push(part);
      await waitUntilReady(part, probe, { limitSeconds, signal: this.signal });
      return part;
    });
  }

  /** Fulfilled when a part ends while nobody asked it to, with an error that says so. */
  async failure(): Promise<Error> {
    const part = await Promise.race(this.#parts.map(async (p) => (await p.ended, p)));
    return endedError(part);
  }

  /** Stops every part that was started; never rejects. */
  async stop(): Promise<void> {
    for (const part of this.#parts.splice(0).reverse()) await part.stop();
  }
}
