import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { forkProgram } from "../../../fork-program.ts";
import type { DeviceMemory } from "../../generator.ts";
import type { Channel } from "../channel.ts";
import type { FromWorker, ToWorker } from "../messages.ts";
import type { DeviceLoadOptions, FromDevice, ToDevice } from "./messages.ts";

/** A process that does not end by itself within this time is killed. */
const CLOSE_MILLISECONDS = 1_000;

/** The device's process, and the way to it. */
export class DeviceChild implements Channel {
  readonly #child: ChildProcess;
  readonly #silenceSeconds: number;
  readonly #silence: NodeJS.Timeout;
  /** Batches that it was given and has not answered. */
  readonly #working = new Set<number>();
  #memory: DeviceMemory | undefined;
  #killed: string | undefined;
  #ended = false;

  /**
   * Starts the process.
   *
   * @param silenceSeconds - while it has a batch it must be heard of within this time, or it is killed
   */
  constructor(options: DeviceLoadOptions, silenceSeconds: number) {
    const child = forkProgram(new URL("./process.ts", import.meta.url), "device", {
      // Without it Metal keeps all memory resident, as node-llama-cpp found out and does too.
      env: { ...process.env, GGML_METAL_NO_RESIDENCY: "1" },
      // JSON has no NaN and no arrays of floats.
      serialization: "advanced",
    });
    this.#child = child;
    this.#silenceSeconds = silenceSeconds;
    this.#silence = setTimeout(() => this.#onSilence(), 1000 * silenceSeconds).unref();
    child.on("message", (message: FromDevice) => this.#hear(message));
    this.onEnd(() => {
      this.#ended = true;
      clearTimeout(this.#silence);
    });
    this.#tell({ type: "load", options });
  }

  /** Undefined when it has ended, or could not be started. */
  get pid(): number | undefined {
    return this.#ended ? undefined : this.#child.pid;
  }

  /** Memory of its device, whoever uses it, as told a second ago; undefined when that is the machine's. */
  get memory(): DeviceMemory | undefined {
    return this.#ended ? undefined : this.#memory;
  }

  send(message: ToWorker): void {
    if (message.type === "score") {
      if (this.#working.size === 0) this.#silence.refresh();
      this.#working.add(message.id);
    }
    this.#tell(message);
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.onAny((message) => {
      if (!isForDevice(message)) listener(message);
    });
  }

  /** Also what only a device's process says. */
  onAny(listener: (message: FromDevice) => void): void {
    this.#child.on("message", listener);
  }

  onEnd(listener: (why: string) => void): void {
    this.#child.once("error", (error) => listener(`its process failed: ${error.message}`));
    this.#child.once("exit", (code, signal) =>
      listener(
        this.#killed ??
          `its process ${signal ? `was ended by ${signal}` : `ended with code ${code}`}`,
      ),
    );
  }

  /** Ends the process at once; `why` is what {@link onEnd} then tells. */
  kill(why: string): void {
    this.#killed ??= why;
    this.#child.kill("SIGKILL");
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const exit = once(this.#child, "exit");
    this.#tell({ type: "close" });
    const timer = setTimeout(() => this.kill("it was closed"), CLOSE_MILLISECONDS);
    await exit;
    clearTimeout(timer);
  }

  #tell(message: ToDevice): void {
    // A process that has just ended tells so by itself.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #hear(message: FromDevice): void {
    this.#silence.refresh();
    if (message.type === "alive") this.#memory = message.memory;
    if (message.type === "scores" || message.type === "failed") this.#working.delete(message.id);
  }

  #onSilence(): void {
    if (this.#working.size === 0) return;
    this.kill(`a batch hung there for ${this.#silenceSeconds} s`);
  }
}

function isForDevice(message: FromDevice): message is Exclude<FromDevice, FromWorker> {
  return message.type === "fitted" || message.type === "refused" || message.type === "alive";
}
