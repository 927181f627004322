import { LlamaVocabularyType, type LlamaModel, type Token } from "node-llama-cpp";
import { LRUCache } from "lru-cache";
import { HeadroomError } from "../../errors.ts";
import { normaliseWord } from "../../sentiment/normalise.ts";
import type { Instructions } from "./instructions.ts";
import type { EncodedWords, Frame } from "./plan.ts";

/** Turns words into the tokens of one model. */
export interface Encoder {
  readonly frame: Frame;
  readonly positive: Token;
  readonly negative: Token;
  /** One list of tokens a word; empty where the model cannot read the word. */
  encode(words: readonly string[]): EncodedWords;
}

/** Natural text repeats its words, so this many need no tokenizer. */
const REMEMBERED_WORDS = 20_000;

/**
 * Prepares the tokens around a message, the two label tokens, and a tokenizer by words.
 *
 * Each word is tokenized on its own, so that it can be left out without touching its neighbours.
 *
 * @throws HeadroomError when both labels begin with the same token
 */
export function createEncoder(model: LlamaModel, instructions: Instructions): Encoder {
  const [head = "", tail = ""] = instructions.template.split("{text}");
  const { bos, shouldPrependBosToken } = model.tokens;
  const before = [
    ...(shouldPrependBosToken && bos !== null ? [bos] : []),
    // The space before the first word belongs to the word's own tokens.
    ...model.tokenize(head.trimEnd(), true),
  ];
  const after = model.tokenize(tail, true, "trimLeadingSpace");
  const positive = labelToken(model, tail, instructions.positive);
  const negative = labelToken(model, tail, instructions.negative);
  if (positive === negative) {
    throw new HeadroomError(
      "model_failed",
      `The labels ${JSON.stringify(instructions.positive)} and ${JSON.stringify(instructions.negative)} ` +
        "begin with the same token in this model. Set HEADROOM_MODEL_POSITIVE and " +
        "HEADROOM_MODEL_NEGATIVE to words that begin differently.",
    );
  }
  // Byte-level vocabularies keep the space in the word's token; the others add it themselves.
  const spaced =
    model.vocabularyType === LlamaVocabularyType.bpe ||
    model.vocabularyType === LlamaVocabularyType.rwkv;
  const unknown = instructions.dropUnknown ? unknownToken(model) : undefined;
  const remembered = new LRUCache<string, readonly number[]>({ max: REMEMBERED_WORDS });

  const encodeWord = (word: string, first: boolean): readonly number[] => {
    const text = spaced && !(first && head === "") ? ` ${word}` : word;
    const seen = remembered.get(text);
    if (seen) return seen;
    const forms = instructions.normalise ? normaliseWord(word) : [text];
    const ids = forms.flatMap((form) => model.tokenize(form)).filter((id) => id !== unknown);
    remembered.set(text, ids);
    return ids;
  };
  return {
    frame: { before, after },
    positive,
    negative,
    encode: (words) => words.map((word, i) => encodeWord(word, i === 0)),
  };
}

/** The first token that a label adds to the text before it. */
function labelToken(model: LlamaModel, tail: string, label: string): Token {
  const without = model.tokenize(tail, true, "trimLeadingSpace");
  const withLabel = model.tokenize(tail + label, true, "trimLeadingSpace");
  const token = withLabel.find((id, i) => id !== without[i]);
  if (token === undefined) {
    throw new HeadroomError(
      "model_failed",
      `The label ${JSON.stringify(label)} has no token in this model. Set HEADROOM_MODEL_POSITIVE ` +
        "and HEADROOM_MODEL_NEGATIVE.",
    );
  }
  return token;
}

function unknownToken(model: LlamaModel): Token | undefined {
  return model.fileInfo.metadata.tokenizer?.ggml?.unknown_token_id as Token | undefined;
}
