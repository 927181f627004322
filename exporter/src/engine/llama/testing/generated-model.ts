import {
  encodeGguf,
  type GgufTensor,
  type GgufValue,
} from "../../../../models/sentiment/training/gguf.ts";

/** Numbers in the vector of a token. */
export const WIDTH = 16;
const INNER = 32;
const LETTERS = [..."abcdefghijklmnopqrstuvwxyz:\n"];

/** What a file says of itself; `undefined` takes an entry away. */
type Metadata = Readonly<Record<string, GgufValue | undefined>>;

/**
 * A small model with random weights and a SentencePiece tokenizer that spells by letters and bytes, without any
 * instructions of Headroom's: a stand-in for "any other GGUF".
 *
 * @param instead - entries of its metadata that are other ones
 * @param edit - is given each tensor's name and numbers, row after row, to change them
 */
export function generatedModel(
  instead: Metadata = {},
  edit: (name: string, values: Float32Array) => void = () => {},
): Buffer {
  const { metadata, tensors } = parts();
  for (const { name, values } of tensors) edit(name, values);
  return encode({ ...metadata, ...instead }, tensors);
}

/** The same model in several files, as `llama-gguf-split` writes them. */
export function splitModel(count: number): Buffer[] {
  const { metadata, tensors } = parts();
  return Array.from({ length: count }, (_, i) =>
    encode(
      {
        ...(i === 0 && metadata),
        "split.no": { u16: i },
        "split.count": { u16: count },
        "split.tensors.count": { i32: tensors.length },
      },
      tensors.filter((_tensor, k) => k % count === i),
    ),
  );
}

/**
 * The generated model with weights that are numbers, and too large for a text that ends with a q: its
 * score is none.
 */
export function overflowingModel(): Buffer {
  // Without it each text begins with the same token, labels too.
  const bare = { "tokenizer.ggml.add_space_prefix": false };
  return generatedModel(bare, (name, values) => {
    if (name === "token_embd.weight") {
      const at = WIDTH * generatedTokens().indexOf("q");
      values.fill(0, at, at + WIDTH);
      values[at] = 100;
    }
    if (name.endsWith("ffn_gate.weight") || name.endsWith("ffn_up.weight")) {
      values.fill(0, 0, WIDTH);
      values[0] = 1e19;
    }
  });
}

/** Its vocabulary, the token of a letter last. */
export function generatedTokens(): readonly string[] {
  return ["<unk>", "<s>", "</s>", ...BYTES, "\u2581", ...LETTERS];
}

const BYTES = Array.from(
  { length: 256 },
  (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, "0")}>`,
);

function encode(metadata: Metadata, tensors: readonly GgufTensor[]): Buffer {
  const entries = Object.entries(metadata).flatMap(([key, value]) =>
    value === undefined ? [] : ([[key, value]] as const),
  );
  return encodeGguf(entries, tensors);
}

function parts(): { readonly metadata: Metadata; readonly tensors: readonly GgufTensor[] } {
  const tokens = generatedTokens();
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
  const metadata: Metadata = {
    "general.architecture": "llama",
    "general.name": "Generated Model",
    "llama.context_length": { u32: 256 },
    "llama.embedding_length": { u32: WIDTH },
    "llama.block_count": { u32: 1 },
    "llama.feed_forward_length": { u32: INNER },
    "llama.attention.head_count": { u32: 2 },
    "llama.attention.layer_norm_rms_epsilon": { f32: 1e-5 },
    "llama.rope.dimension_count": { u32: WIDTH / 2 },
    "llama.vocab_size": { u32: tokens.length },
    "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": { strings: tokens },
    "tokenizer.ggml.scores": { f32s: tokens.map((_, i) => -i) },
    "tokenizer.ggml.token_type": { i32s: types },
    "tokenizer.ggml.bos_token_id": { u32: 1 },
    "tokenizer.ggml.eos_token_id": { u32: 2 },
    "tokenizer.ggml.unknown_token_id": { u32: 0 },
  };
  return {
    metadata,
    tensors: [
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
  };
}

/** Lehmer's generator: the same numbers from 0 to 1 everywhere. */
function seeded(state: number): () => number {
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
