import type { ChildProcess } from "node:child_process";
import { forkProgram } from "../../fork-program.ts";

/** A process that does not end by itself within this time is killed. */
const CLOSE_MILLISECONDS = 1_000;

const TICK_MILLISECONDS = 1_000;

/** One that is stopped would not notice that the exporter is gone. */
const living = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of living) child.kill("SIGKILL");
});

/** Which program a model's process runs. */
export interface Program {
  /** Its file in the source. */
  readonly source: URL;
  /** Its name in the bundle, as `build.ts` has it. */
  readonly bundled: string;
  /** Variables beside the exporter's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node, such as the size of its heap. */
  readonly nodeOptions?: readonly string[];
}

/**
 * The exporter's end of a process that has a model. A process and not a thread: native code that crashes,
 * or a driver that hangs, ends or is ended with it, and HTTP goes on.
 */
export class ModelProcess<To extends object, From> {
  readonly #child: ChildProcess;
  #ticking: NodeJS.Timeout | undefined;
  #silentTicks = 0;
  #why: string | undefined;
  #ended = false;

  constructor({ source, bundled, env, nodeOptions }: Program) {
    this.#child = forkProgram(source, bundled, {
      env: { ...process.env, ...env },
      // JSON has no NaN and no arrays of floats.
      serialization: "advanced",
      execArgv: [...(nodeOptions ?? [])],
    });
    this.#child.on("message", () => (this.#silentTicks = 0));
    living.add(this.#child);
    this.onEnd(() => {
      living.delete(this.#child);
      this.#ended = true;
      clearInterval(this.#ticking);
    });
  }

  /** Undefined when it has ended, or could not be started. */
  get pid(): number | undefined {
    return this.#ended ? undefined : this.#child.pid;
  }

  send(message: To | { readonly type: "close" }): void {
    // A process that has just ended tells so by itself.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  onMessage(listener: (message: From) => void): void {
    this.#child.on("message", listener);
  }

  /** Is told once why the process is no more: a piece of a sentence, such as "its process was killed". */
  onEnd(listener: (why: string) => void): void {
    this.#child.once("error", (error) => listener(`its process failed: ${error.message}`));
    this.#child.once("exit", (code, signal) =>
      listener(
        this.#why ?? `its process ${signal ? `was ended by ${signal}` : `ended with code ${code}`}`,
      ),
    );
  }

  /**
   * From now on it must say something now and then.
   *
   * @param seconds - it is killed when it says nothing for so long. Counted in this process's own turns,
   * so that a machine that slept does not count as silence
   */
  watch(seconds: number): void {
    if (this.#ended) return;
    clearInterval(this.#ticking);
    this.#silentTicks = 0;
    this.#ticking = setInterval(() => {
      this.#silentTicks += 1;
      if (this.#silentTicks > seconds) this.kill(`its process said nothing for ${seconds} s`);
    }, TICK_MILLISECONDS).unref();
  }

  /** Ends it at once; `why` is what {@link onEnd} then tells. */
  kill(why: string): void {
    this.#why ??= why;
    this.#child.kill("SIGKILL");
  }

  /** Asks it to end, for which it has a second. */
  async close(): Promise<void> {
    if (this.#ended) return;
    const ended = new Promise<void>((resolve) => this.onEnd(() => resolve()));
    this.#why = "it was closed";
    this.send({ type: "close" });
    const timer = setTimeout(() => this.kill("it was closed"), CLOSE_MILLISECONDS);
    await ended;
    clearTimeout(timer);
  }
}
