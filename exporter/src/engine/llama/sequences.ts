import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { LlamaContext, LlamaContextSequence, Token } from "node-llama-cpp";
import { wordBounds, wordsAt } from "../../sentiment/words.ts";
import type { ScoreRequest, Scores } from "../scorer.ts";
import type { Encode, Encoding } from "./encoder.ts";
import { planMessage, type Sequence } from "./plan.ts";
import type { BatchControl } from "./serve.ts";

/** What a batch is evaluated with. */
export interface SequenceModel {
  readonly encoding: Encoding;
  readonly encode: Encode;
  /** Many short sequences at once. */
  readonly short: { readonly scope: BatchScope; readonly maxTokens: number };
  /** One long sequence. */
  readonly long: { readonly scope: BatchScope; readonly maxTokens: number };
  /** Score of a message without words, in nats. */
  readonly empty: number;
}

/** Scores a batch in one turn: plans every message, and evaluates all their sequences together. */
export function scoreBatch(
  { encode, encoding, empty, short, long }: SequenceModel,
  requests: readonly ScoreRequest[],
  { throwIfCancelled, turn }: BatchControl,
): Promise<Scores[]> {
  const bounds = requests.map(({ text }) => wordBounds(text));
  const plans = requests.map(({ text, ask }, i) =>
    planMessage(encode(wordsAt(text, bounds[i]!)), ask, encoding.frame, long.maxTokens, empty),
  );
  const sequences = plans.flatMap((plan) => plan.sequences);
  const fits = (sequence: Sequence) => sequence.tokens.length <= short.maxTokens;

  return turn(async () => {
    const shortRead = await short.scope.run(sequences.filter(fits), throwIfCancelled);
    const longRead = await long.scope.run(
      sequences.filter((sequence) => !fits(sequence)),
      throwIfCancelled,
    );
    const read = sequences.map((sequence) => (fits(sequence) ? shortRead : longRead).shift()!);
    return plans.map((plan, i) => ({
      ...plan.assemble(read.splice(0, plan.sequences.length)),
      bounds: requests[i]!.ask === "whole" ? [] : bounds[i]!,
    }));
  });
}

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

/**
 * A sampler holds 12 bytes a vocabulary entry in memory that V8 does not see
 * (`llama_token_data`: id, logit, probability), and only a full collection frees it.
 */
const SAMPLER_BYTES_PER_TOKEN = 12;

/** Bytes that may wait: more would cost memory, fewer a 20 ms collection too often. */
const MAX_WAITING_BYTES = 64e6;

/** Counts the native memory that finished evaluations leave behind, and has V8 free it. */
export class NativeMemory {
  readonly #samplerBytes: number;
  readonly #collect: () => void;
  #waiting = 0;

  /** @param vocabulary - number of tokens that the model knows */
  constructor(vocabulary: number) {
    this.#samplerBytes = SAMPLER_BYTES_PER_TOKEN * vocabulary;
    setFlagsFromString("--expose-gc");
    this.#collect = runInNewContext("gc") as () => void;
  }

  /** An evaluation is done, and its sampler waits for collection. */
  evaluated(): void {
    this.#waiting += this.#samplerBytes;
  }

  /** Frees what waits when it is worth the pause; to be called when nobody waits for an answer. */
  collectWhenDue(): void {
    if (this.#waiting < MAX_WAITING_BYTES) return;
    this.#waiting = 0;
    this.#collect();
  }
}
