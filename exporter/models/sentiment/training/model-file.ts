import { NORMALISER } from "../../../src/sentiment/normalise.ts";
import { encodeGguf, type GgufTensor, type GgufValue } from "./gguf.ts";
import { layoutOf, type Shape } from "./network.ts";
import { BEGIN, NEGATIVE, POSITIVE, SPECIAL_TOKENS, UNKNOWN } from "./vocabulary.ts";

/** Name of the model, as its file, the API and the cache keys have it. */
export const MODEL_NAME = "headroom-sentiment-1";

/** Tokens that the model is declared to read at once; the longest message has about as many. */
const CONTEXT_LENGTH = 2048;

/** llama.cpp's token types. */
const TOKEN_TYPE = { normal: 1, unknown: 2, control: 3 } as const;
/** What llama.cpp's "bert" tokenizer puts before the first piece of a word. */
const WORD_START = "\u2581";

/** The bytes of the GGUF file of a trained network. */
export function encodeModel(
  shape: Shape,
  tokens: readonly string[],
  weights: Float64Array,
): Buffer {
  return encodeGguf(metadataOf(shape, tokens), tensorsOf(shape, weights));
}

function metadataOf(shape: Shape, tokens: readonly string[]): [string, GgufValue][] {
  const special = (token: string) => (SPECIAL_TOKENS as readonly string[]).indexOf(token);
  const typeOf = (id: number) => {
    if (id === UNKNOWN) return TOKEN_TYPE.unknown;
    return id < SPECIAL_TOKENS.length ? TOKEN_TYPE.control : TOKEN_TYPE.normal;
  };
  const id = (token: string): GgufValue => ({ u32: special(token) });
  return [
    ["general.architecture", "llama"],
    ["general.name", MODEL_NAME],
    ["general.license", "apache-2.0"],
    ["general.file_type", { u32: 0 }],
    ["llama.context_length", { u32: CONTEXT_LENGTH }],
    ["llama.embedding_length", { u32: shape.width }],
    ["llama.block_count", { u32: 1 }],
    ["llama.feed_forward_length", { u32: shape.inner }],
    ["llama.attention.head_count", { u32: shape.heads }],
    ["llama.attention.head_count_kv", { u32: shape.heads }],
    ["llama.attention.layer_norm_rms_epsilon", { f32: shape.epsilon }],
    ["llama.rope.dimension_count", { u32: shape.width / shape.heads }],
    ["llama.rope.freq_base", { f32: shape.ropeBase }],
    ["llama.vocab_size", { u32: shape.vocabulary }],
    ["tokenizer.ggml.model", "bert"],
    [
      "tokenizer.ggml.tokens",
      {
        strings: tokens.map((token, i) => (i < SPECIAL_TOKENS.length ? token : WORD_START + token)),
      },
    ],
    ["tokenizer.ggml.token_type", { i32s: tokens.map((_, i) => typeOf(i)) }],
    ["tokenizer.ggml.padding_token_id", id("[PAD]")],
    ["tokenizer.ggml.unknown_token_id", { u32: UNKNOWN }],
    ["tokenizer.ggml.bos_token_id", { u32: BEGIN }],
    ["tokenizer.ggml.cls_token_id", { u32: BEGIN }],
    ["tokenizer.ggml.seperator_token_id", id("[SEP]")],
    ["tokenizer.ggml.mask_token_id", id("[MASK]")],
    ["tokenizer.ggml.add_bos_token", true],
    ["tokenizer.ggml.add_eos_token", false],
    ["headroom.normaliser", NORMALISER],
    ["headroom.template", "{text}"],
    ["headroom.label.positive", SPECIAL_TOKENS[POSITIVE]!],
    ["headroom.label.negative", SPECIAL_TOKENS[NEGATIVE]!],
    ["headroom.drop_unknown", true],
  ];
}

/**
 * The head shares the embedding's matrix, so the rows of the two label tokens, which never occur
 * in a text, carry the label direction: half of it each way.
 */
function tensorsOf(shape: Shape, weights: Float64Array): GgufTensor[] {
  const at = layoutOf(shape);
  const { vocabulary, width, inner } = shape;
  const tensor = (name: string, from: number, columns: number, rows?: number): GgufTensor => ({
    name,
    dimensions: rows === undefined ? [columns] : [columns, rows],
    values: Float32Array.from(weights.subarray(from, from + columns * (rows ?? 1))),
  });
  const embedding = tensor("token_embd.weight", at.embedding, width, vocabulary);
  for (let i = 0; i < width; i++) {
    const half = weights[at.label + i]! / 2;
    embedding.values[POSITIVE * width + i] = half;
    embedding.values[NEGATIVE * width + i] = -half;
  }
  return [
    embedding,
    tensor("output_norm.weight", at.finalNorm, width),
    tensor("blk.0.attn_norm.weight", at.attentionNorm, width),
    tensor("blk.0.attn_q.weight", at.query, width, width),
    tensor("blk.0.attn_k.weight", at.key, width, width),
    tensor("blk.0.attn_v.weight", at.value, width, width),
    tensor("blk.0.attn_output.weight", at.out, width, width),
    tensor("blk.0.ffn_norm.weight", at.feedForwardNorm, width),
    tensor("blk.0.ffn_gate.weight", at.gate, width, inner),
    tensor("blk.0.ffn_up.weight", at.up, width, inner),
    tensor("blk.0.ffn_down.weight", at.down, inner, width),
  ];
}
