import { HeadroomError } from "../../../errors.ts";
import type { Language } from "../../../language.ts";
import type {
  Ask,
  ChatModelInfo,
  ConverseOptions,
  DeviceMemory,
  GenerateOptions,
  Generation,
  Generator,
  Prompt,
  Speed,
} from "../../generator.ts";
import { ModelProcess } from "../../model-process.ts";
import type { ChatLoaded, ChatLoadOptions, FromChat, ToChat } from "./messages.ts";

/** A chat model to load, and what is known about it besides its file. */
export interface LlamaGeneratorOptions {
  readonly id: string;
  readonly languages: readonly Language[];
  readonly load: ChatLoadOptions;
  /** Aborting ends the loading. */
  readonly signal: AbortSignal;
}

type ChatProcess = ModelProcess<ToChat, FromChat>;

/** Loading and generating leave the process's event loop free, so it is never silent for long. */
const SILENCE_SECONDS = 15;

/** The process notices an abort at the next token; a long prefill it cannot interrupt. */
const ABORT_MILLISECONDS = 50;

/** A text that goes on so long after it was aborted never ends: the process is killed. */
const STUCK_MILLISECONDS = 60_000;

/**
 * A Generator on node-llama-cpp in a process of its own.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded, `model_unavailable` when the
 * process ended meanwhile
 * @throws the signal's reason when it aborts before the model is loaded; no process is left then
 */
export async function createLlamaGenerator(options: LlamaGeneratorOptions): Promise<Generator> {
  options.signal.throwIfAborted();
  const child: ChatProcess = new ModelProcess({
    source: new URL("./process.ts", import.meta.url),
    bundled: "chat",
  });
  child.watch(SILENCE_SECONDS);
  child.send({ type: "load", options: options.load });
  const { loaded } = await child.first(
    "loaded",
    (why) => new HeadroomError("model_unavailable", `The chat model was not loaded: ${why}.`),
    options.signal,
  );
  return new LlamaGenerator(child, loaded, options);
}

/** One text that is being generated in the model's process. */
interface Call {
  /** Takes in the next piece of the text. */
  add(piece: string): void;
  resolve(generation: Generation): void;
  reject(error: Error): void;
}

class LlamaGenerator implements Generator {
  readonly model: ChatModelInfo;
  readonly sequences: number;
  readonly speed: Speed;
  readonly #child: ChatProcess;
  readonly #calls = new Map<number, Call>();
  /** Calls that the process works on, also those whose caller has gone. */
  readonly #working = new Set<number>();
  #nextId = 0;
  #failure: Error | undefined;

  constructor(child: ChatProcess, loaded: ChatLoaded, options: LlamaGeneratorOptions) {
    this.model = { ...loaded.model, id: options.id, languages: options.languages };
    this.sequences = options.load.sequences;
    this.speed = loaded.speed;
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

  get pid(): number | undefined {
    return this.#child.pid;
  }

  deviceMemory(): DeviceMemory | undefined {
    return this.#child.deviceMemory;
  }

  generate(prompt: Prompt, options: GenerateOptions): Promise<Generation> {
    const { maxTokens, grammar } = options;
    const asked = { prompt, maxTokens, ...(grammar && { grammar }) };
    return this.#call((id) => ({ type: "generate", id, ...asked }), options);
  }

  converse(ask: Ask, options: ConverseOptions): Promise<Generation> {
    const { wishes } = options;
    return this.#call((id) => ({ type: "converse", id, ask, wishes }), options);
  }

  async #call(
    message: (id: number) => ToChat,
    { signal, onText }: Pick<GenerateOptions, "signal" | "onText">,
  ): Promise<Generation> {
    if (this.#failure) throw this.#failure;
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Generation>();
    const started = performance.now();
    let firstAt: number | undefined;
    let text = "";
    let pieces = 0;
    const add = (piece: string) => {
      firstAt ??= performance.now();
      text += piece;
      pieces += 1;
      onText?.(piece);
    };
    /** Ends it with what has come so far. The prompt's tokens are not known then, and count as 0. */
    const cutOff = () => {
      const now = performance.now();
      const first = firstAt ?? now;
      this.#calls.delete(id);
      resolve({
        text,
        end: "aborted",
        tokens: { input: 0, evaluated: 0, output: pieces },
        prefillSeconds: (first - started) / 1000,
        decodeSeconds: (now - first) / 1000,
      });
    };
    let timer: NodeJS.Timeout | undefined;
    const abort = () => {
      this.#child.send({ type: "abort", id });
      setTimeout(() => this.#endIfStuck(id), STUCK_MILLISECONDS).unref();
      timer = setTimeout(cutOff, ABORT_MILLISECONDS);
    };
    // node-llama-cpp fails when it is aborted before its first token.
    const fail = (error: Error) => (signal.aborted ? cutOff() : reject(error));
    this.#calls.set(id, { add, resolve, reject: fail });
    this.#working.add(id);
    this.#child.send(message(id));
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", abort);
      clearTimeout(timer);
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
      case "text":
        return this.#calls.get(message.id)?.add(message.piece);
      case "generated":
        return this.#takeOff(message.id)?.resolve(message.generation);
      case "failed":
        return this.#takeOff(message.id)?.reject(
          new HeadroomError(message.code, message.message, { members: message.members ?? {} }),
        );
    }
  }

  /** Takes a call off the books; one whose caller has gone is only counted. */
  #takeOff(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#working.delete(id);
    this.#calls.delete(id);
    return call;
  }

  #end(why: string): void {
    this.#failure = new HeadroomError("model_failed", `The chat model failed: ${why}.`);
    for (const call of this.#calls.values()) call.reject(this.#failure);
    this.#calls.clear();
    this.#working.clear();
  }
}
