import type { AnalyseOptions, Analyser } from "../../sentiment/analyser.ts";
import type { SentimentResult } from "../../sentiment/result.ts";
import { wordBounds, wordsAt } from "../../sentiment/words.ts";

/** An analyser whose answers follow from the text and whose timing the test decides. */
export class ScriptedAnalyser implements Analyser {
  readonly model = "scripted";
  readonly simulated = true;
  /** Every call that reached the analyser. */
  readonly calls: { readonly messages: readonly string[]; readonly options: AnalyseOptions }[] = [];
  /** When set, calls fail with it. */
  failure: unknown;
  #gate: Promise<void> | undefined;

  /** Holds calls back until the returned function is called. */
  hold(): () => void {
    let open = (): void => {};
    this.#gate = new Promise((resolve) => (open = resolve));
    return () => {
      this.#gate = undefined;
      open();
    };
  }

  async analyse(messages: readonly string[], options: AnalyseOptions): Promise<SentimentResult[]> {
    this.calls.push({ messages, options });
    const aborted = new Promise<never>((_resolve, reject) =>
      options.signal.addEventListener("abort", () => reject(options.signal.reason as Error)),
    );
    if (this.#gate) await Promise.race([this.#gate, aborted]);
    if (this.failure !== undefined) throw this.failure;
    return messages.map((message) => answer(message, options));
  }
}

function answer(message: string, { attribution }: AnalyseOptions): SentimentResult {
  const score = message.includes("good") ? 1 : -1;
  const bounds = wordBounds(message);
  const values = wordsAt(message, bounds).map((word) => (word === "good" ? 1 : 0.25));
  return {
    label: score > 0 ? "positive" : "negative",
    score,
    probability: 1 / (1 + Math.exp(-score)),
    cached: false,
    ...(attribution === "none"
      ? {}
      : { attribution: { method: attribution, bounds, values, entropy: 1, sparsity: 0.5 } }),
  };
}
