import type { ChatOperation, Outcome } from "@headroom/alerts/limits";
import {
  OTHER_MODEL,
  type ChatMetrics,
  type FinishReason,
  type UpstreamError,
} from "../metrics/chat.ts";

/**
 * Measures one request of OpenAI's API. Whoever answers it calls {@link content} at the moment in which a
 * piece of content is written to the client, and tells what the model says of itself; when the connection
 * closes, the request is recorded once.
 */
export class RequestMeter {
  /** A known model, or `other`; known when the body is. */
  model = OTHER_MODEL;
  streamed = false;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  finish: FinishReason | undefined;
  upstreamError: UpstreamError | undefined;
  /** How it ended, where the connection does not tell: a status that was passed on, an answer that broke off. */
  outcome: Outcome | undefined;
  readonly #operation: ChatOperation;
  readonly #metrics: ChatMetrics;
  readonly #acceptedAt = performance.now();
  #firstAt: number | undefined;
  #lastAt: number | undefined;
  #pieces = 0;

  constructor(operation: ChatOperation, metrics: ChatMetrics) {
    this.#operation = operation;
    this.#metrics = metrics;
  }

  /** A piece of content leaves now. Comments, roles and usage are none. */
  content(): void {
    const now = performance.now();
    if (this.#lastAt !== undefined) this.#metrics.gap(this.model, (now - this.#lastAt) / 1000);
    this.#firstAt ??= now;
    this.#lastAt = now;
    this.#pieces += 1;
  }

  /** The connection has closed. */
  ended(outcome: Outcome, seconds: number): void {
    const since = (at: number | undefined) =>
      at === undefined ? undefined : (at - this.#acceptedAt) / 1000;
    this.#metrics.finished({
      operation: this.#operation,
      model: this.model,
      outcome: this.outcome ?? outcome,
      seconds,
      streamed: this.streamed,
      firstTokenSeconds: since(this.#firstAt),
      lastTokenSeconds: since(this.#lastAt),
      pieces: this.#pieces,
      inputTokens: this.inputTokens,
      outputTokens: this.outputTokens,
      finish: this.finish,
      upstreamError: this.upstreamError,
    });
  }
}
