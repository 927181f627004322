import type { LlamaContext, LlamaContextSequence, Token } from "node-llama-cpp";
import type { NativeMemory } from "./native-memory.ts";
import type { Sequence } from "./plan.ts";

/**
 * The one place that owns what a batch uses: the sequences of a context are lent to evaluations,
 * emptied after each, and all of them are back when the batch ends, however it ends.
 */
export class BatchScope {
  readonly #free: LlamaContextSequence[];
  readonly #labels: readonly [positive: Token, negative: Token];
  readonly #memory: NativeMemory;

  constructor(context: LlamaContext, labels: readonly [Token, Token], memory: NativeMemory) {
    this.#free = Array.from({ length: context.totalSequences }, () => context.getSequence());
    this.#labels = labels;
    this.#memory = memory;
  }

  /**
   * Evaluates sequences, as many at once as the context has room for.
   *
   * @param throwIfCancelled - asked before each sequence
   * @returns for each sequence, the score at each of its reads, in nats
   * @throws what `throwIfCancelled` throws
   */
  async run(sequences: readonly Sequence[], throwIfCancelled: () => void): Promise<number[][]> {
    const results = new Array<number[]>(sequences.length);
    let next = 0;
    const lane = async (lent: LlamaContextSequence): Promise<void> => {
      try {
        while (next < sequences.length) {
          throwIfCancelled();
          const index = next++;
          results[index] = await this.#evaluate(lent, sequences[index]!);
        }
      } finally {
        this.#free.push(lent);
      }
    };
    const lent = this.#free.splice(0, Math.min(this.#free.length, sequences.length));
    // All lanes end before the batch does, so that a failed one leaves no sequence behind.
    const ended = await Promise.allSettled(lent.map(lane));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
    return results;
  }

  async #evaluate(lent: LlamaContextSequence, { tokens, reads }: Sequence): Promise<number[]> {
    const [positive, negative] = this.#labels;
    // Filtered logits: the whole vocabulary's probabilities would cost many times as much.
    const wanted = { generateNext: { logits: { filter: { tokens: this.#labels } } } };
    const input: (Token | [Token, typeof wanted])[] = [...(tokens as Token[])];
    for (const index of reads) input[index] = [tokens[index] as Token, wanted];
    try {
      const output = await lent.controlledEvaluate(input);
      return reads.map((index) => {
        const logits = output[index]!.next.logits!;
        return logits.get(positive)! - logits.get(negative)!;
      });
    } finally {
      this.#memory.evaluated();
      // Calls on one sequence append to it, so it is emptied for the next message.
      await lent.clearHistory();
    }
  }
}
