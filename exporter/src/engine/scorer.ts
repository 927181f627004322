/** What the engine is asked about a message, besides the score of the whole. */
export type Ask =
  /** nothing more */
  | "whole"
  /** the scores of the message's first 1, 2, ... n words */
  | "prefixes"
  /** the scores of the message without its 1st, 2nd, ... nth word */
  | "without";

/** One message. It is split into words where the model is, because that takes long for some scripts. */
export interface ScoreRequest {
  readonly text: string;
  readonly ask: Ask;
}

/** The scores of one message. A score is `logit(positive) - logit(negative)`, in nats. */
export interface Scores {
  /** Score of the whole message. */
  readonly whole: number;
  /** Score of a message without words. */
  readonly empty: number;
  /** How many of the words the model could read; 0 means that the message is no evidence. */
  readonly known: number;
  /** Whether words at the end were left out because the model's context is full. */
  readonly truncated: boolean;
  /** One score a word: of the prefix that ends with it, or of the message without it. */
  readonly each: readonly number[];
  /** Where those words begin and end in the text; see `wordBounds`. */
  readonly bounds: readonly number[];
}

/**
 * How an engine is called: by llama.cpp's C API, which evaluates a batch in a few calls, or by
 * node-llama-cpp, with one for each score, because the other did not prove itself. The C API makes the
 * logits of the labels alone where it can, else those of the whole vocabulary.
 */
export type EngineAccess =
  | {
      readonly by: "C API";
      readonly output: "labels" | "vocabulary";
      /** Why not for the labels alone, where that was tried. */
      readonly because?: string | undefined;
    }
  | { readonly by: "node-llama-cpp"; readonly because: string };

/** What is known about a loaded model. */
export interface ModelInfo {
  /** Stable name without spaces, used as a label and in cache keys. */
  readonly id: string;
  /** Changes with the file and with how it is asked, so that cached answers are not mixed up. */
  readonly fingerprint: string;
  /** Which engine runs it. */
  readonly engine: "llama.cpp" | "simulated";
  /** How it is called; absent when simulated. */
  readonly access?: EngineAccess;
  readonly architecture: string;
  /** Memory that weights and contexts take, in bytes; 0 when simulated. */
  readonly memoryBytes: number;
}

/** How a batch is scored. */
export interface ScoreOptions {
  readonly signal?: AbortSignal | undefined;
  /** Others may be scored between parts of it. */
  readonly long?: boolean;
}

/**
 * Scores messages with a model. Every classification and attribution builds on this one call, so
 * any model that has logits for two labels can be used.
 */
export interface Scorer {
  readonly model: ModelInfo;
  /** Why it cannot answer; undefined while it works. */
  readonly failure: Error | undefined;
  /**
   * Scores a batch; the answers are in the order of the requests.
   *
   * @throws the signal's reason when it aborts before the batch is done
   */
  score(requests: readonly ScoreRequest[], options?: ScoreOptions): Promise<Scores[]>;
  /** Its own process; undefined when it has none, or none now. */
  readonly pid?: number | undefined;
  /** Whether it is being started again, so that waiting for it is worthwhile. */
  readonly restarting?: boolean;
  /** Is told each time when it fails, fails to start again, or works again. */
  onChange?(listener: () => void): void;
  /** Frees the model. Calls in flight end with an error. */
  close(): Promise<void>;
}

type Called = Pick<ModelInfo, "engine" | "access">;

/** How a model's engine is called, as a label; llama.cpp without more to say is node-llama-cpp's. */
export function accessLabel({ engine, access }: Called): "c_api" | "node_llama_cpp" | "none" {
  if (engine === "simulated") return "none";
  return access?.by === "C API" ? "c_api" : "node_llama_cpp";
}

/** The same for people, with the reason. */
export function describeAccess({ engine, access }: Called): string {
  if (engine === "simulated") return "simulated";
  if (access?.by === "C API") {
    const { output, because } = access;
    const how = output === "labels" ? ", for the labels alone" : "";
    return `llama.cpp by its C API${how}${because ? `, for all tokens because ${because}` : ""}`;
  }
  return access ? `node-llama-cpp, because ${access.because}` : "node-llama-cpp";
}

/**
 * Of the copies of a model, at least one, that which is told of: one that could not be called directly,
 * if any.
 */
export function leastDirect<T extends Called>(models: readonly T[]): T {
  return models.find((model) => accessLabel(model) === "node_llama_cpp") ?? models[0]!;
}
