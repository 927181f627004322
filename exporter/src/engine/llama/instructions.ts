import { HeadroomError } from "../../errors.ts";
import { NORMALISER } from "../../sentiment/normalise.ts";

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

/** Instructions from the configuration, for a model file that does not carry its own. */
export interface ConfiguredInstructions {
  readonly template?: string | undefined;
  readonly positive?: string | undefined;
  readonly negative?: string | undefined;
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
