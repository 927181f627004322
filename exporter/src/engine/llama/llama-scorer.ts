import { HeadroomError } from "../../errors.ts";
import type { ModelInfo, ScoreOptions, ScoreRequest, Scorer, Scores } from "../scorer.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { unpackScores, type PackedScores } from "./packed.ts";

/** The way to a process that has a model. */
export interface Channel {
  send(message: ToWorker): void;
  onMessage(listener: (message: FromWorker | AboutItself) => void): void;
  /** Undefined when the other side is no more. */
  readonly pid: number | undefined;
  /** Is told once why the other side is no more, as a piece of a sentence. */
  onEnd(listener: (why: string) => void): void;
  /** Has the other side end; resolves when it is gone. */
  close(): Promise<void>;
}

/** What a process also says, and no scorer needs to know. */
type AboutItself = { readonly type: "alive" | "refused" | "fitted" };

interface Waiting {
  resolve(scores: PackedScores): void;
  reject(error: unknown): void;
}

/** A scorer whose model is in another process. */
export class LlamaScorer implements Scorer {
  readonly model: ModelInfo;
  readonly #channel: Channel;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #ended: HeadroomError | undefined;

  constructor(channel: Channel, model: ModelInfo) {
    this.model = model;
    this.#channel = channel;
    channel.onMessage((message) => this.#receive(message));
    channel.onEnd((why) => this.#end(why));
  }

  get failure(): HeadroomError | undefined {
    return this.#ended;
  }

  get pid(): number | undefined {
    return this.#channel.pid;
  }

  /** Is told once why it can answer no more, as a piece of a sentence. */
  onEnd(listener: (why: string) => void): void {
    this.#channel.onEnd(listener);
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal, long = false }: ScoreOptions = {},
  ): Promise<Scores[]> {
    signal?.throwIfAborted();
    if (this.#ended) throw this.#ended;
    const id = this.#nextId++;
    const cancel = () => {
      this.#channel.send({ type: "cancel", id });
      this.#waiting.get(id)?.reject(signal!.reason);
      this.#waiting.delete(id);
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      const scores = await new Promise<PackedScores>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#channel.send({ type: "score", id, requests, long });
      });
      return unpackScores(scores);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    await this.#channel.close();
  }

  #receive(message: FromWorker | AboutItself): void {
    if (message.type !== "scores" && message.type !== "failed") return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "scores") waiting?.resolve(message.scores);
    else waiting?.reject(new HeadroomError("model_failed", message.message));
  }

  #end(why: string): void {
    this.#ended ??= new HeadroomError("model_failed", `The sentiment model failed: ${why}.`);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
