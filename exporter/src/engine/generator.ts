import type { Language } from "../language.ts";

/** One finished turn that shows the model what an answer looks like. */
export interface Example {
  readonly ask: string;
  readonly answer: string;
}

/** What a model is asked. */
export interface Prompt {
  /** Instructions; equal for many requests, so that their state is evaluated once and reused. */
  readonly system: string;
  /** Follow the instructions and are as equal as they are. */
  readonly examples: readonly Example[];
  /** What is new in this request. */
  readonly ask: string;
}

/** How one text is generated. */
export interface GenerateOptions {
  /** The most tokens of the text. */
  readonly maxTokens: number;
  /** Holds the model to it; without one it writes what it likes. */
  readonly grammar?: Grammar;
  /** When it aborts, the text so far is the result: an abort is an end, not an error. */
  readonly signal: AbortSignal;
  /** Is told each piece of the text as it comes. */
  readonly onText?: (piece: string) => void;
}

/** Why a text ended: the model was done, the tokens were used up, or the signal aborted. */
export type GenerationEnd = "done" | "length" | "aborted";

/** A generated text with its cost. */
export interface Generation {
  readonly text: string;
  readonly end: GenerationEnd;
  readonly tokens: {
    /** Of the whole prompt. */
    readonly input: number;
    /** Of the prompt, without those whose state was reused. */
    readonly evaluated: number;
    readonly output: number;
  };
  /** From the start to the first token; to the end when there was none. */
  readonly prefillSeconds: number;
  /** From the first token to the last. */
  readonly decodeSeconds: number;
}

/** What is known about a loaded chat model. */
export interface ChatModelInfo {
  /** Stable name, used as a label and in cache keys. */
  readonly id: string;
  /** Changes with the file, so that cached answers are not mixed up. */
  readonly fingerprint: string;
  readonly engine: "llama.cpp" | "simulated";
  readonly architecture: string;
  /** Layers on a graphics processor; fewer than planned where its memory had no room. */
  readonly gpuLayers?: number;
  /** Languages that it may be asked in. */
  readonly languages: readonly Language[];
}

/** Tokens a second that a model reaches with nothing else beside it. */
export interface Speed {
  readonly prefillTokensPerSecond: number;
  readonly decodeTokensPerSecond: number;
}

/** Memory of a graphics processor, whoever uses it, in bytes. */
export interface DeviceMemory {
  readonly usedBytes: number;
  readonly capacityBytes: number;
}

/** Generates texts with a chat model. */
export interface Generator {
  readonly model: ChatModelInfo;
  /** Texts that it can generate side by side; more calls than that wait inside. */
  readonly sequences: number;
  /** Sequences that work now. */
  readonly busy: number;
  /** Measured while it was loaded. */
  readonly speed: Speed;
  /** Why it can answer no more; undefined while it works. */
  readonly failure: Error | undefined;
  /** Is told once why it can answer no more, as a piece of a sentence. */
  onEnd(listener: (why: string) => void): void;
  /**
   * Generates a text. Once the signal aborts, the result comes within 50 ms, also when the model
   * takes longer to notice.
   *
   * @throws HeadroomError `model_failed` when the model fails
   */
  generate(prompt: Prompt, options: GenerateOptions): Promise<Generation>;
  /** The model's own process; undefined when it has none. */
  readonly pid: number | undefined;
  /** Memory of a graphics processor that is not the machine's, a second ago; undefined when none is used. */
  deviceMemory(): DeviceMemory | undefined;
  /** Frees the model. Calls in flight fail. */
  close(): Promise<void>;
}

/**
 * What a model may write and nothing else: places, at each of which it chooses one text and comes to
 * the next place. It begins at place 0 and comes to none twice. No choice of a place is the beginning
 * of another one.
 */
export type Grammar = readonly (readonly Choice[])[];

/** One text that may be chosen at a place of a {@link Grammar}. */
export interface Choice {
  readonly text: string;
  /** The place that follows; without one the whole text ends here. */
  readonly next?: number;
}

/** A grammar in llama.cpp's notation, GBNF: one rule a place. */
export function toGbnf(grammar: Grammar): string {
  const rule = (place: number) => (place === 0 ? "root" : `place-${place}`);
  return grammar
    .map((choices, place) => `${rule(place)} ::= ${choices.map(alternative).join(" | ")}`)
    .join("\n");

  function alternative({ text, next }: Choice): string {
    // JSON's way to quote is GBNF's for all but characters that no text of ours holds.
    return JSON.stringify(text) + (next === undefined ? "" : ` ${rule(next)}`);
  }
}
