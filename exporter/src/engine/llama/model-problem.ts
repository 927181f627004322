import { GGUF_TYPE, type GgufHeader, type GgufValue } from "./gguf-header.ts";

/** Kinds of models that read a whole text at once or make something else of it than its next token. */
const WITHOUT_NEXT_TOKENS = new Set([
  ...["bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "eurobert"],
  ...["jina-bert-v2", "jina-bert-v3", "gemma-embedding", "llama-embed", "t5", "t5encoder"],
  ...["dream", "llada", "llada-moe", "rnd1", "clip", "wavtokenizer-dec", "eagle3", "dflash"],
]);

/** `LLAMA_MAX_LAYERS`. */
const MOST_LAYERS = 512;

/** `LLAMA_TOKEN_TYPE_BYTE`. */
const BYTE = 6;

/**
 * What a token that stands for a byte must look like, by the tokenizer's name in GGUF; with another text
 * llama.cpp fails to write it.
 */
const BYTE_TOKEN: Readonly<Record<string, RegExp | undefined>> = {
  llama: /^<0x[\dA-Fa-f]{2}>$/,
  t5: /^<0x[\dA-Fa-f]{2}>$/,
  // It knows no bytes: nothing matches.
  bert: /[]/,
};

/**
 * What a header tells of a model that cannot be used: it scores and writes nothing that means
 * something, or llama.cpp would end its process over it, at once or at the first text that it reads.
 *
 * @returns to be read after the file's name; undefined when nothing is wrong
 */
export function modelProblem({ metadata }: GgufHeader): string | undefined {
  const architecture = metadata.get("general.architecture");
  if (typeof architecture !== "string")
    return "is damaged: it does not say what kind of model it is";
  const own = (key: string) => metadata.get(`${architecture}.${key}`);
  const problem = sizesProblem(own) ?? vocabularyProblem(metadata);
  if (problem !== undefined) return `is damaged: ${problem}`;
  const pooling = own("pooling_type");
  const embeds = typeof pooling === "number" && pooling !== 0;
  if (embeds || own("attention.causal") === false || WITHOUT_NEXT_TOKENS.has(architecture)) {
    return (
      "is an encoder or embedding model, which does not say what comes next in a text. " +
      "A causal language model is needed"
    );
  }
  return undefined;
}

function sizesProblem(own: (key: string) => GgufValue | undefined): string | undefined {
  const layers = own("block_count");
  if (typeof layers === "number" && !(layers > 0 && layers <= MOST_LAYERS)) {
    return `it has ${layers} layers, and 1 to ${MOST_LAYERS} are possible`;
  }
  for (const key of ["layer_norm_rms_epsilon", "layer_norm_epsilon"]) {
    const epsilon = own(`attention.${key}`);
    if (typeof epsilon === "number" && !(epsilon >= 0)) return "it divides by less than nothing";
  }
  const [experts, used] = [own("expert_count") ?? 0, own("expert_used_count") ?? 0];
  if (typeof experts === "number" && typeof used === "number") {
    if (used > experts || (experts > 0 && used === 0)) return "it uses other experts than it has";
  }
  return undefined;
}

function vocabularyProblem(metadata: GgufHeader["metadata"]): string | undefined {
  const tokenizer = metadata.get("tokenizer.ggml.model");
  if (typeof tokenizer !== "string" || ["none", "no_vocab"].includes(tokenizer)) {
    return "it has no tokenizer";
  }
  const tokens = itemsOf(metadata, "tokens", GGUF_TYPE.string) as readonly string[] | undefined;
  if (!tokens || tokens.length === 0) return "it has no vocabulary";
  // llama.cpp gives those without a text this one.
  const known = new Set(tokens.map((token, i) => (token === "" ? `[EMPTY_${i}]` : token)));
  if (known.size !== tokens.length) {
    return "a token of its vocabulary occurs twice";
  }
  for (const [name, type] of [
    ["scores", GGUF_TYPE.float32],
    ["token_type", GGUF_TYPE.int32],
  ] as const) {
    if (!metadata.has(`tokenizer.ggml.${name}`)) continue;
    const each = itemsOf(metadata, name, type);
    if (!each || each.length < tokens.length)
      return `its vocabulary has no ${name} for some tokens`;
  }
  const types = itemsOf(metadata, "token_type", GGUF_TYPE.int32) ?? [];
  const byteToken = BYTE_TOKEN[tokenizer];
  if (byteToken && tokens.some((token, i) => types[i] === BYTE && !byteToken.test(token))) {
    return "a token of its vocabulary stands for a byte and does not say for which";
  }
  if (tokenizer === "llama" && BYTES.some((forms) => !forms.some((form) => known.has(form)))) {
    return "its vocabulary lacks a byte, with which words are spelled that it does not know";
  }
  return undefined;
}

/** How a vocabulary may write each byte. */
const BYTES = Array.from({ length: 256 }, (_, byte) => [
  `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  String.fromCharCode(byte),
]);

function itemsOf(metadata: GgufHeader["metadata"], name: string, type: number) {
  const value = metadata.get(`tokenizer.ggml.${name}`);
  return typeof value === "object" && value.of === type ? value.items : undefined;
}
