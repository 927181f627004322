import type { Advice } from "../hardware/advice.ts";
import { LANGUAGES, type Language } from "../language.ts";
import { CHAT_MODELS, type ChatModel } from "./catalogue.ts";

const NAMES: Readonly<Record<Language, string>> = { en: "English", ja: "Japanese" };

/** The model that is asked, and where it could run. */
export interface ModelSituation {
  /** Languages of the model that answers; undefined while one is wanted and there is none. */
  readonly languages: readonly Language[] | undefined;
  /** Why there is none, and what to do next. */
  readonly text: string;
  /** Memory of the machine in bytes; undefined when it is not known. */
  readonly memoryBytes: number | undefined;
}

/** What a user could do about the chat model: have one, or one that speaks the other language. */
export function adviseOnModel({ languages, text, memoryBytes }: ModelSituation): Advice[] {
  if (!languages) {
    return [
      {
        code: "no_chat_model",
        severity: "info",
        what: text,
        why: "no chat model answers",
        effect: "status answers are arranged by a model instead of the findings' own sentences",
      },
    ];
  }
  return LANGUAGES.filter((language) => !languages.includes(language)).map((language) =>
    speaks(language, smallestFor(language, memoryBytes)),
  );
}

function speaks(language: Language, model: ChatModel | undefined): Advice {
  const name = NAMES[language];
  return {
    code: "language_not_spoken",
    severity: "info",
    what: model
      ? `For summaries in ${name} set HEADROOM_CHAT_MODEL=${model.id}; npm run model -- get ${model.id} fetches it.`
      : `For summaries in ${name} set HEADROOM_CHAT_MODEL to a model that speaks it.`,
    why: `the chat model is not asked in ${name}, which it does not speak well`,
    effect: `answers in ${name} are arranged by a model; until then they are the findings' own sentences`,
  };
}

/** The catalogue's smallest that speaks a language and suits the machine. */
function smallestFor(language: Language, memoryBytes = Infinity): ChatModel | undefined {
  return CHAT_MODELS.filter(
    (model) => model.languages.includes(language) && model.leastMemoryBytes <= memoryBytes,
  ).sort((a, b) => a.leastMemoryBytes - b.leastMemoryBytes)[0];
}
