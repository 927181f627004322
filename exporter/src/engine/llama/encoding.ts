import { LlamaVocabularyType, type LlamaModel, type Token } from "node-llama-cpp";
import { HeadroomError } from "../../errors.ts";
import { NORMALISER } from "../../sentiment/normalise.ts";
import type { Encoding } from "./encoder.ts";
import type { ConfiguredInstructions } from "./messages.ts";

/** How a model is asked for a sentiment. */
export interface Instructions {
  /** Text around the message, which stands where `{text}` is. */
  readonly template: string;
  /** What the model would say next for either sentiment; their first tokens must differ. */
  readonly positive: string;
  readonly negative: string;
  /** Whether words are normalised before they are tokenized. */
  readonly normalise: boolean;
  /** Whether words that the model does not know are left out. */
  readonly dropUnknown: boolean;
}

/** For models without instructions of their own: works with chat and base models in English. */
const DEFAULT_INSTRUCTIONS: Instructions = {
  template: "Review: {text}\nSentiment:",
  positive: " positive",
  negative: " negative",
  normalise: false,
  dropUnknown: false,
};

/**
 * Chooses how to ask a model: what the configuration says, else what the model file says
 * (`headroom.*` in its metadata), else the default.
 *
 * @throws HeadroomError when the template has no `{text}` or the file needs another normaliser
 */
export function instructionsFor(
  metadata: Record<string, unknown>,
  configured: ConfiguredInstructions,
): Instructions {
  const own = metadata["headroom"] as
    | {
        normaliser?: string;
        template?: string;
        label?: { positive?: string; negative?: string };
        drop_unknown?: boolean;
      }
    | undefined;
  const normaliser = own?.normaliser;
  if (normaliser !== undefined && normaliser !== NORMALISER) {
    throw new HeadroomError(
      "model_failed",
      `The model file needs the normaliser "${normaliser}", but this program has "${NORMALISER}". ` +
        "Use a model file and a program of the same release.",
    );
  }
  const template = configured.template ?? own?.template ?? DEFAULT_INSTRUCTIONS.template;
  if (template.split("{text}").length !== 2) {
    throw new HeadroomError(
      "model_failed",
      `The template ${JSON.stringify(template)} must hold {text} exactly once. Set HEADROOM_MODEL_TEMPLATE.`,
    );
  }
  return {
    template,
    positive: configured.positive ?? own?.label?.positive ?? DEFAULT_INSTRUCTIONS.positive,
    negative: configured.negative ?? own?.label?.negative ?? DEFAULT_INSTRUCTIONS.negative,
    normalise: normaliser !== undefined,
    dropUnknown: own?.drop_unknown ?? DEFAULT_INSTRUCTIONS.dropUnknown,
  };
}

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
