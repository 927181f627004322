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

/** What was said in a conversation, and by whom. */
export interface Turn {
  readonly by: "system" | "user" | "model";
  readonly text: string;
}

/** What clients ask: a conversation that waits for the model's turn, or a text to go on with as it is. */
export type Ask = { readonly turns: readonly Turn[] } | { readonly text: string };

/** How a client wants an answer; whatever is left out is the model's matter. */
export interface Wishes {
  /** The most tokens; without it, as many as the context has room for. */
  readonly maxTokens?: number | undefined;
  /** 0 takes the likeliest token each time. */
  readonly temperature: number;
  /** Only the likeliest tokens that together have this probability are taken, 0 to 1. */
  readonly topP: number;
  /** The same seed gives the same choices; a whole number below 2^32. */
  readonly seed?: number | undefined;
  /** Taken off the logit of each token that was said already, and for each time it was, -2 to 2. */
  readonly presencePenalty: number;
  readonly frequencyPenalty: number;
  /** The text ends before the first of them. */
  readonly stop: readonly string[];
  /** Holds the answer to JSON: to any object, or to a schema. */
  readonly json?: "object" | JsonGrammar | undefined;
}

/** What of JSON Schema a model can be held to while it writes; a `$ref` names one of the root's `$defs`. */
export interface JsonGrammar {
  readonly type?: "object" | "array" | "string" | "number" | "integer" | "boolean" | "null";
  readonly $ref?: `#/$defs/${string}`;
  readonly $defs?: Readonly<Record<string, JsonGrammar>>;
  readonly oneOf?: readonly JsonGrammar[];
  readonly enum?: readonly (string | number | boolean | null)[];
  /** All are written, in this order. */
  readonly properties?: Readonly<Record<string, JsonGrammar>>;
  readonly additionalProperties?: boolean | JsonGrammar;
  readonly items?: JsonGrammar;
  readonly prefixItems?: readonly JsonGrammar[];
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** How a conversation is gone on with. */
export interface ConverseOptions extends Pick<GenerateOptions, "signal" | "onText"> {
  readonly wishes: Wishes;
}

/** Why a text ended: the model was done or came to a stop, the tokens were used up, or the signal aborted. */
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
  /**
   * Answers what a client asks, and is cut off like {@link generate}. It never takes the last free sequence
   * where there are several, so that a call of `generate` always finds one.
   *
   * @throws HeadroomError `model_failed` when the model fails, `context_length_exceeded` when what is asked leaves no
   * room for an answer, `unsupported_parameter` when the JSON that is wanted makes no grammar
   */
  converse(ask: Ask, options: ConverseOptions): Promise<Generation>;
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
