import type { AttributionMethod, SentimentResult } from "./result.ts";

/** How a request wants its messages analysed. */
export interface AnalyseOptions {
  readonly attribution: AttributionMethod;
  /** "no-store" neither reads nor writes the cache (the request's Cache-Control). */
  readonly cache: "use" | "no-store";
  /** Aborts when the client goes away; work that has not started is dropped. */
  readonly signal: AbortSignal;
}

/** Answers sentiment requests: what the HTTP route calls. */
export interface Analyser {
  /** The engine and model that answer. */
  readonly model: string;
  /** Whether the answers are made up by the simulated engine. */
  readonly simulated: boolean;
  /**
   * Analyses messages; the results are in the order of the messages.
   *
   * @throws HeadroomError with code `model_failed` when the engine fails
   * @throws the signal's reason when it aborts
   */
  analyse(messages: readonly string[], options: AnalyseOptions): Promise<SentimentResult[]>;
}
