import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Activity } from "./activity.ts";
import { type Change, KeptPart, type Starting as Kept } from "./processes/kept-part.ts";
import { type Part, startPart } from "./processes/part.ts";
import { freePort } from "./processes/ports.ts";
import type { RunFolder } from "./run-folder.ts";

/** A part to start, and how to see that it is ready; its log is in the run's folder. */
export type Starting = Omit<Kept, "logFile">;

/** A part that is, or was, not there, as the file of troubles has it for the live page. */
interface Trouble {
  readonly part: string;
  /** Milliseconds since 1970, as `until`. */
  readonly since: number;
  /** When it was back; absent while it is not. */
  readonly until?: number;
  readonly why: string;
}

/** The parts of one run: started one after the other, kept running, and stopped together. */
export class Session {
  readonly folder: RunFolder;
  readonly activity: Activity;
  readonly signal: AbortSignal;
  readonly #say: (line: string) => void;
  readonly #parts: (KeptPart | Part)[] = [];
  /** A part may start long after its port was asked for. */
  readonly #promised: number[] = [];
  readonly #troubles = new Map<string, Trouble>();

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

  /** A JSON file of the last trouble of each part; without it there was none. */
  get troublesFile(): string {
    return join(this.folder.path, "troubles.json");
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
   * Starts a part, waits until it is ready, and from then on keeps it running: it is started again
   * whenever it ends by itself, which is said.
   *
   * @throws Error that shows the end of its log when it does not become ready
   */
  async start(starting: Starting): Promise<KeptPart> {
    this.signal.throwIfAborted();
    const { name } = starting;
    return this.activity(`Starting ${name}`, async () => {
      const logged = { ...starting, logFile: this.folder.log(name) };
      const part = await KeptPart.start(logged, this.signal, (change) => this.#tell(change));
      this.#parts.push(part);
      return part;
    });
  }

  /** Starts a program that may end by itself; the stop of the run ends it too. */
  async startOnce(settings: Pick<Starting, "name" | "command" | "args">): Promise<Part> {
    const part = await startPart({ ...settings, logFile: this.folder.log(settings.name) });
    this.#parts.push(part);
    return part;
  }

  /**
   * The process of a part that was started.
   *
   * @throws Error when there is none of that name
   */
  pidOf(name: string): number {
    const part = this.#parts.findLast((one) => one.name === name);
    if (!part) throw new Error(`no part called ${name} was started`);
    return part.pid;
  }

  /**
   * Stops every part that was started; never rejects. They are asked together, so that one which
   * hangs takes no time from the others.
   */
  async stop(): Promise<void> {
    await Promise.all(this.#parts.splice(0).map((part) => part.stop()));
  }

  #tell(change: Change): void {
    const { part, state } = change;
    const now = Date.now();
    const known = this.#troubles.get(part);
    const since = known && known.until === undefined ? known.since : now;
    if (state !== "up") {
      this.#troubles.set(part, { part, since, why: change.why.split("\n", 1)[0]! });
    } else if (known) {
      this.#troubles.set(part, { ...known, until: now });
    }
    this.#say(inWords(change, this.folder.log(part)));
    // Whole or not at all: the live page reads it meanwhile.
    const partial = `${this.troublesFile}.partial`;
    writeFileSync(partial, JSON.stringify([...this.#troubles.values()]));
    renameSync(partial, this.troublesFile);
  }
}

function inWords(change: Change, log: string): string {
  const { part } = change;
  switch (change.state) {
    case "down":
      return `${part} ended unexpectedly (${change.why}) and is started again. Its log is ${log}`;
    case "failed":
      return `${change.why}\nThe next try is in ${seconds(change.pauseMs)}.`;
    case "up":
      return `${part} is back after ${seconds(change.afterMs)}.`;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
