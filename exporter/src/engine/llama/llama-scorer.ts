import { HeadroomError } from "../../errors.ts";
import type { ModelInfo, ScoreRequest, Scorer, Scores } from "../scorer.ts";
import type { Channel } from "./channel.ts";
import type { FromWorker } from "./messages.ts";
import { packRequests, unpackScores } from "./packed.ts";

interface Waiting {
  resolve(scores: Float64Array): void;
  reject(error: unknown): void;
}

/** A scorer whose model is in another thread or process. */
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

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<Scores[]> {
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
      const scores = await new Promise<Float64Array>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        this.#channel.send({ type: "score", id, requests: packRequests(requests) });
      });
      return unpackScores(scores, requests);
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    await this.#channel.close();
  }

  #receive(message: FromWorker): void {
    if (message.type === "ready") return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === "scores") waiting?.resolve(message.scores);
    else waiting?.reject(new HeadroomError("model_failed", message.message));
  }

  #end(why: string): void {
    this.#ended ??= new HeadroomError("model_failed", why);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#ended);
    this.#waiting.clear();
  }
}
