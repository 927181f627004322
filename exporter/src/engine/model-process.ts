import { execFile, fork, type ChildProcess, type ForkOptions } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { HeadroomError } from "../errors.ts";
import type { Alive, Refused } from "./child-end.ts";
import type { DeviceMemory } from "./generator.ts";

/**
 * Starts one of the exporter's own programs as a process that is talked to by messages. In the
 * bundle it is a file beside the others. What it writes are native errors, which belong to the
 * exporter's own.
 *
 * @param source - the program's file
 * @param bundled - its name in the bundle, as `build.ts` has it
 */
export function forkProgram(
  source: URL,
  bundled: string,
  options: Pick<ForkOptions, "env" | "serialization" | "execArgv"> = {},
): ChildProcess {
  const isBundled = import.meta.url.endsWith(".js");
  const file = isBundled ? new URL(`./${bundled}.js`, import.meta.url) : source;
  return fork(fileURLToPath(file), {
    // Not what this process was started with: a debugger, say.
    execArgv: [],
    ...options,
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

/** A process that does not end by itself within this time is killed. */
const CLOSE_MILLISECONDS = 1_000;

const TICK_MILLISECONDS = 1_000;

/** One that computes may say nothing for so many times as long: a call of the engine is long on a busy machine. */
const PATIENCE_WITH_WORK = 6;

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

interface Message {
  readonly type: string;
}

/**
 * The exporter's end of a process that has a model. A process and not a thread: native code that crashes,
 * or a driver that hangs, ends or is ended with it, and HTTP goes on.
 */
export class ModelProcess<To extends Message, From extends Message> {
  readonly #child: ChildProcess;
  #ticking: NodeJS.Timeout | undefined;
  #silentTicks = 0;
  #deviceMemory: DeviceMemory | undefined;
  #why: string | undefined;
  #ended = false;

  constructor({ source, bundled, env, nodeOptions = [] }: Program) {
    this.#child = forkProgram(source, bundled, {
      env: { ...process.env, ...env },
      // JSON has no NaN and no arrays of floats.
      serialization: "advanced",
      execArgv: [...nodeOptions],
    });
    this.#child.on("message", (message: Alive | Refused) => {
      this.#silentTicks = 0;
      if (message.type === "alive") this.#deviceMemory = message.memory;
    });
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

  /** Memory of the device that it uses, whoever uses it, as told a second ago. */
  get deviceMemory(): DeviceMemory | undefined {
    return this.#ended ? undefined : this.#deviceMemory;
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
    this.#child.once("exit", (code, signal) => {
      const usual = signal === "SIGKILL" ? ", as the system does when memory runs out" : "";
      const how = signal ? `was ended by ${signal}${usual}` : `ended with code ${code}`;
      listener(this.#why ?? `its process ${how}`);
    });
  }

  /**
   * The first message of a type.
   *
   * @param ended - makes an error of why the process ended before
   * @param signal - ends it when it aborts before
   * @throws HeadroomError `model_failed` with the reason when the process refuses
   * @throws the signal's reason
   */
  async first<T extends From["type"]>(
    type: T,
    ended: (why: string) => Error,
    signal?: AbortSignal,
  ): Promise<Extract<From, { readonly type: T }>> {
    const { promise, resolve, reject } =
      Promise.withResolvers<Extract<From, { readonly type: T }>>();
    const receive = (message: From | Refused) => {
      if (message.type === type) resolve(message as Extract<From, { readonly type: T }>);
      if (message.type === "refused") {
        reject(new HeadroomError("model_failed", (message as Refused).why));
      }
    };
    const stop = () => this.kill("it is not wanted any more");
    this.#child.on("message", receive);
    this.onEnd((why) => reject(signal?.aborted ? signal.reason : ended(why)));
    signal?.addEventListener("abort", stop);
    if (signal?.aborted) stop();
    try {
      return await promise;
    } finally {
      this.#child.off("message", receive);
      signal?.removeEventListener("abort", stop);
    }
  }

  /**
   * From now on it must say something now and then.
   *
   * @param seconds - it is killed when it says nothing for so long and uses no processor, or for six times as
   * long in any case. Counted in this process's own turns, so that a machine that slept does not count
   */
  watch(seconds: number): void {
    if (this.#ended) return;
    clearInterval(this.#ticking);
    this.#silentTicks = 0;
    let used: string | undefined;
    let idleTicks = 0;
    const tick = async () => {
      this.#silentTicks += 1;
      if (this.#silentTicks <= seconds / 2) return;
      const now = await processorTimeOf(this.#child.pid!);
      idleTicks = now === used ? idleTicks + 1 : 0;
      used = now;
      const allowed = idleTicks >= seconds / 2 ? seconds : PATIENCE_WITH_WORK * seconds;
      if (this.#silentTicks > allowed) this.kill(`its process said nothing for ${allowed} s`);
    };
    this.#ticking = setInterval(() => void tick(), TICK_MILLISECONDS).unref();
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

/** Processor time of a process, in whatever form the system tells it; undefined when it cannot be read. */
function processorTimeOf(pid: number): Promise<string | undefined> {
  // User and system time, after the name, which may hold spaces (proc_pid_stat(5), fields 14 and 15).
  const told =
    process.platform === "linux"
      ? readFile(`/proc/${pid}/stat`, "utf8").then((stat) =>
          stat.replace(/.*\)/, "").split(" ").slice(12, 14).join(" "),
        )
      : promisify(execFile)("ps", ["-o", "time=", "-p", String(pid)]).then(({ stdout }) => stdout);
  return told.catch(() => undefined);
}
