import { encodeGguf, type GgufTensor } from "../../../../models/sentiment/training/gguf.ts";

const WIDTH = 16;
const INNER = 32;
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz:\n"];

/**
 * A small model with random weights and a SentencePiece tokenizer that spells by letters and bytes, without any
 * instructions of Headroom's: a stand-in for "any other GGUF".
 */
export function generatedModel(): Buffer {
  const bytes = Array.from(
    { length: 256 },
    (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const tokens = ["<unk>", "<s>", "</s>", ...bytes, "\u2581", ...LETTERS];
  const types = tokens.map((token, i) =>
    i === 0 ? 2 : i < 3 ? 3 : token.startsWith("<0x") ? 6 : 1,
  );
  const random = seeded(7);
  const tensor = (name: string, ...dimensions: number[]): GgufTensor => ({
    name,
    dimensions,
    values: Float32Array.from({ length: dimensions.reduce((a, b) => a * b) }, () => random() - 0.5),
  });
  const ones = (name: string): GgufTensor => ({
    name,
    dimensions: [WIDTH],
    values: new Float32Array(WIDTH).fill(1),
  });
  return encodeGguf(
    [
      ["general.architecture", "llama"],
      ["general.name", "Generated Model"],
      ["llama.context_length", { u32: 256 }],
      ["llama.embedding_length", { u32: WIDTH }],
      ["llama.block_count", { u32: 1 }],
      ["llama.feed_forward_length", { u32: INNER }],
      ["llama.attention.head_count", { u32: 2 }],
      ["llama.attention.layer_norm_rms_epsilon", { f32: 1e-5 }],
      ["llama.rope.dimension_count", { u32: WIDTH / 2 }],
      ["llama.vocab_size", { u32: tokens.length }],
      ["tokenizer.ggml.model", "llama"],
      ["tokenizer.ggml.tokens", { strings: tokens }],
      ["tokenizer.ggml.scores", { f32s: tokens.map((_, i) => -i) }],
      ["tokenizer.ggml.token_type", { i32s: types }],
      ["tokenizer.ggml.bos_token_id", { u32: 1 }],
      ["tokenizer.ggml.eos_token_id", { u32: 2 }],
      ["tokenizer.ggml.unknown_token_id", { u32: 0 }],
    ],
    [
      tensor("token_embd.weight", WIDTH, tokens.length),
      tensor("output.weight", WIDTH, tokens.length),
      ones("output_norm.weight"),
      ones("blk.0.attn_norm.weight"),
      ones("blk.0.ffn_norm.weight"),
      ...["q", "k", "v", "output"].map((part) => tensor(`blk.0.attn_${part}.weight`, WIDTH, WIDTH)),
      tensor("blk.0.ffn_gate.weight", WIDTH, INNER),
      tensor("blk.0.ffn_up.weight", WIDTH, INNER),
      tensor("blk.0.ffn_down.weight", INNER, WIDTH),
    ],
  );
}

/** Lehmer's generator: the same numbers from 0 to 1 everywhere. */
function seeded(state: number): () => number {
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
