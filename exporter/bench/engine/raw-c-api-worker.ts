/** A worker thread with a loop of its own over llama.cpp's C API. */
import { parentPort, workerData } from "node:worker_threads";
import { openBinding } from "../../src/engine/llama/capi/binding.ts";
import { findLibrary, libraryFolder } from "../../src/engine/llama/capi/library.ts";
import { openTokens } from "./node-llama-cpp.ts";

/** What the thread is asked: the messages of a round, or to end. */
export type ToRawWorker = { readonly messages: readonly string[] } | "close";

/** Most sequences of one `llama_decode`. */
const SEQUENCES = 64;

/**
 * Messages share a call up to so many tokens, each of which looks at all of them. 64 to 256 take the
 * same processor time; a call a message takes 1.7 times as much, 512 tokens 1.2 times.
 */
const TOGETHER = 128;

/** Most tokens of a message; none of the dataset's has more. */
const TOKENS = 512;

/**
 * The least that must be done for prefix scores: tokens into a `llama_batch`, a call, two logits of
 * each position that was asked for. No worker, queue, attribution, nor anything shared by messages.
 *
 * @param file - a model whose template has nothing after the message
 */
async function openRawLoop(file: string) {
  const tokens = await openTokens(file);
  const native = await openBinding(await findLibrary(await libraryFolder()));
  const { c } = native;
  const params = { ...c.llama_model_default_params(), n_gpu_layers: 0 };
  const model = c.llama_model_load_from_file(file, params);
  if (model === null) throw new Error(`The C API could not load ${file}.`);
  const context = c.llama_init_from_model(model, {
    ...c.llama_context_default_params(),
    n_ctx: TOKENS,
    n_batch: TOKENS,
    n_ubatch: TOKENS,
    n_seq_max: SEQUENCES,
    n_outputs_max: TOKENS,
    n_threads: 1,
    n_threads_batch: 1,
    offload_kqv: false,
    op_offload: false,
    flash_attn_type: 0,
    kv_unified: true,
  });
  if (context === null) throw new Error("The C API could not make a context.");
  const memory = c.llama_get_memory(context);
  const vocabulary = c.llama_vocab_n_tokens(c.llama_model_get_vocab(model));

  // All of it lives as long as the thread.
  const token = native.allocate(4 * TOKENS);
  const pos = native.allocate(4 * TOKENS);
  const counts = native.allocate(4 * TOKENS);
  const lists = native.allocate(8 * TOKENS);
  const logits = native.allocate(TOKENS);
  const numbers = native.allocate(4 * SEQUENCES);
  const tokenView = new Int32Array(token.bytes);
  const posView = new Int32Array(pos.bytes);
  const listsView = new BigUint64Array(lists.bytes);
  const logitsView = new Int8Array(logits.bytes);
  new Int32Array(counts.bytes).fill(1);
  new Int32Array(numbers.bytes).set(Array.from({ length: SEQUENCES }, (_, i) => i));

  /** Evaluates what was written to the batch, and appends its scores to the lists of their messages. */
  function decode(length: number, readers: readonly number[][]): void {
    c.llama_memory_clear(memory, false);
    const result = c.llama_decode(context, {
      n_tokens: length,
      token: token.address,
      embd: null,
      pos: pos.address,
      n_seq_id: counts.address,
      seq_id: lists.address,
      logits: logits.address,
    });
    if (result !== 0) throw new Error(`llama_decode returned ${result}.`);
    const bytes = 4 * readers.length * vocabulary;
    const values = new Float32Array(native.view(c.llama_get_logits(context), bytes));
    readers.forEach((scores, i) => {
      const row = i * vocabulary;
      scores.push(values[row + tokens.positive]! - values[row + tokens.negative]!);
    });
  }

  return {
    /** @returns for each message, the score after each word that the model can read, in nats */
    score(messages: readonly string[]): number[][] {
      const all = messages.map((): number[] => []);
      let length = 0;
      let sequence = 0;
      let readers: number[][] = [];
      const add = (id: number, position: number, wanted: number) => {
        tokenView[length] = id;
        posView[length] = position;
        listsView[length] = numbers.address + BigInt(4 * sequence);
        logitsView[length++] = wanted;
      };
      const flush = () => {
        if (readers.length > 0) decode(length, readers);
        length = sequence = 0;
        readers = [];
      };
      messages.forEach((message, m) => {
        const words = fitting(tokens.wordsOf(message), TOKENS - tokens.before.length);
        if (words.length === 0) return;
        const needed = words.reduce((sum, ids) => sum + ids.length, tokens.before.length);
        if (length + needed > TOGETHER || sequence === SEQUENCES) flush();
        let position = 0;
        for (const id of tokens.before) add(id, position++, 0);
        for (const ids of words) {
          ids.forEach((id, i) => add(id, position++, i === ids.length - 1 ? 1 : 0));
          readers.push(all[m]!);
        }
        sequence++;
      });
      flush();
      return all;
    },
    async [Symbol.asyncDispose]() {
      c.llama_free(context);
      c.llama_model_free(model);
      await tokens[Symbol.asyncDispose]();
    },
  };
}

/** The words before the first that no longer fits. */
function fitting(words: (readonly number[])[], room: number): (readonly number[])[] {
  let used = 0;
  const cut = words.findIndex((ids) => (used += ids.length) > room);
  return cut === -1 ? words : words.slice(0, cut);
}

const port = parentPort!;
const loop = await openRawLoop(workerData as string);
port.on("message", (asked: ToRawWorker) => {
  if (asked === "close") return void loop[Symbol.asyncDispose]().then(() => port.close());
  port.postMessage(loop.score(asked.messages));
});
port.postMessage("ready");
