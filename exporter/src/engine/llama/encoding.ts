import { LlamaVocabularyType, type LlamaModel, type Token } from "node-llama-cpp";
import { HeadroomError } from "../../errors.ts";
import type { Encoding } from "./encoder.ts";
import type { Instructions } from "./instructions.ts";

/**
 * Reads from a model how its words become tokens: what stands around a message, and the label tokens.
 *
 * @throws HeadroomError when both labels begin with the same token
 */
export function readEncoding(model: LlamaModel, instructions: Instructions): Encoding {
  const [head = "", tail = ""] = instructions.template.split("{text}");
  const { bos, shouldPrependBosToken } = model.tokens;
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
  const before = [
    ...(shouldPrependBosToken && bos !== null ? [bos] : []),
    // The space before the first word belongs to the word's own tokens.
    ...model.tokenize(head.trimEnd(), true),
  ];
  return {
    frame: { before, after: model.tokenize(tail, true, "trimLeadingSpace") },
    positive,
    negative,
    // Byte-level vocabularies keep the space in the word's token; the others add it themselves.
    spaced:
      model.vocabularyType === LlamaVocabularyType.bpe ||
      model.vocabularyType === LlamaVocabularyType.rwkv,
    bareStart: head === "",
    normalise: instructions.normalise,
    unknown: instructions.dropUnknown ? unknownToken(model) : undefined,
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
