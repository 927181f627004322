import { HeadroomError } from "../../../errors.ts";
import type { Language } from "../../../language.ts";
import type {
  ChatModelInfo,
  DeviceMemory,
  GenerateOptions,
  Generation,
  Generator,
  Prompt,
  Speed,
} from "../../generator.ts";
import { Call } from "./call.ts";
import { startChatChild, type ChatChild, type ChatProcess } from "./child.ts";
import type { ChatLoadOptions, FromChat } from "./messages.ts";

/** A chat model to load, and what is known about it besides its file. */
export interface LlamaGeneratorOptions {
  readonly id: string;
  readonly languages: readonly Language[];
  readonly load: ChatLoadOptions;
  /** Aborting ends the loading. */
  readonly signal: AbortSignal;
}

/** The process answers at once unless it is stuck, and then nothing is known. */
const DEVICE_MILLISECONDS = 200;

/** The process notices an abort at the next token; a long prefill it cannot interrupt. */
const ABORT_MILLISECONDS = 50;

/** A text that goes on so long after it was aborted never ends: the process is killed. */
const STUCK_MILLISECONDS = 60_000;

/**
 * A Generator on node-llama-cpp in a process of its own.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded
 * @throws the signal's reason when it aborts before the model is loaded
 */
export async function createLlamaGenerator(options: LlamaGeneratorOptions): Promise<Generator> {
  return new LlamaGenerator(await startChatChild(options.load, options.signal), options);
}

class LlamaGenerator implements Generator {
  readonly model: ChatModelInfo;
  readonly sequences: number;
  readonly speed: Speed;
  readonly #child: ChatProcess;
  readonly #calls = new Map<number, Call>();
  /** Calls that the process works on, also those whose caller has gone. */
  readonly #working = new Set<number>();
  readonly #deviceAnswers = new Map<number, (memory: DeviceMemory | undefined) => void>();
  readonly #hasDeviceMemory: boolean;
  #nextId = 0;
  #failure: Error | undefined;

  constructor({ child, loaded }: ChatChild, options: LlamaGeneratorOptions) {
    this.model = { ...loaded.model, id: options.id, languages: options.languages };
    this.sequences = options.load.sequences;
    this.speed = loaded.speed;
    this.#hasDeviceMemory = loaded.hasDeviceMemory;
    this.#child = child;
    child.onMessage((message) => this.#receive(message));
    child.onEnd((why) => this.#end(why));
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  get busy(): number {
    return Math.min(this.#working.size, this.sequences);
  }

  async generate(prompt: Prompt, options: GenerateOptions): Promise<Generation> {
    const { maxTokens, grammar, signal, onText } = options;
    if (this.#failure) throw this.#failure;
    const id = this.#nextId++;
    const call = new Call(onText);
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      this.#child.send({ type: "abort", id });
      setTimeout(() => this.#endIfStuck(id), STUCK_MILLISECONDS).unref();
      timer = setTimeout(() => {
        this.#calls.delete(id);
        call.cutOff();
      }, ABORT_MILLISECONDS);
    };
    this.#calls.set(id, call);
    this.#working.add(id);
    this.#child.send({ type: "generate", id, prompt, maxTokens, ...(grammar && { grammar }) });
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await call.promise;
    } finally {
      signal.removeEventListener("abort", abort);
      clearTimeout(timer);
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async deviceMemory(): Promise<DeviceMemory | undefined> {
    if (this.#failure || !this.#hasDeviceMemory) return undefined;
    const id = this.#nextId++;
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<DeviceMemory | undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), DEVICE_MILLISECONDS);
      this.#deviceAnswers.set(id, resolve);
      this.#child.send({ type: "device", id });
    });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      this.#deviceAnswers.delete(id);
    }
  }

  onEnd(listener: (why: string) => void): void {
    this.#child.onEnd(listener);
  }

  close(): Promise<void> {
    return this.#child.close();
  }

  #endIfStuck(id: number): void {
    if (this.#working.has(id)) this.#child.kill("a text did not end when it was aborted");
  }

  #receive(message: FromChat): void {
    switch (message.type) {
      case "loaded":
      case "alive":
        return;
      case "device":
        return this.#deviceAnswers.get(message.id)?.(message.memory);
      case "text":
        return this.#calls.get(message.id)?.add(message.piece);
      case "generated":
        return this.#finish(message.id, (call) => call.finish(message.generation));
      case "failed": {
        const error = new HeadroomError("model_failed", message.message);
        return this.#finish(message.id, (call) => call.fail(error));
      }
    }
  }

  /** Takes a call off the books; one whose caller has gone is only counted. */
  #finish(id: number | undefined, tell: (call: Call) => void): void {
    if (id === undefined) return;
    const call = this.#calls.get(id);
    this.#working.delete(id);
    this.#calls.delete(id);
    if (call) tell(call);
  }

  #end(why: string): void {
    this.#failure = new HeadroomError("model_failed", `The chat model failed: ${why}.`);
    for (const call of this.#calls.values()) call.fail(this.#failure);
    this.#calls.clear();
    this.#working.clear();
  }
}
