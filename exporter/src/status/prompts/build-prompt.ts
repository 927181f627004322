import type { Prompt } from "../../engine/generator.ts";
import type { Finding } from "../findings/finding.ts";
import type { Language } from "../../language.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { topicOf } from "../topics.ts";
import { verdictOn } from "../verdict.ts";
import { ENGLISH } from "./en.ts";
import type { Instructions } from "./instructions.ts";
import { JAPANESE } from "./ja.ts";

const INSTRUCTIONS: Readonly<Record<Language, Instructions>> = { en: ENGLISH, ja: JAPANESE };

/**
 * Asks a model to say the given findings in its own words.
 *
 * @param told - the findings that it is told, the most important first
 */
export function buildPrompt(
  scenario: Scenario,
  told: readonly Finding[],
  language: Language,
): Prompt {
  const { system, examples, question, facts, verdict } = INSTRUCTIONS[language];
  const lines = [
    `${question}: ${scenario.question[language]}`,
    `${facts}:`,
    ...told.map(({ text, subject }) => `- ${withoutDetails(text[language], subject)}`),
    `${verdict}: ${verdictOn(told, language)}`,
  ];
  // The verdict is not the model's to give.
  const begin = verdictOn(told, language) + firstName(told, language);
  return { system, examples, ask: lines.join("\n"), begin };
}

/**
 * The first resource that has a name, to go on from: a small model would say "the disk" of three, and
 * names the others as well once it has begun so.
 */
function firstName(told: readonly Finding[], language: Language): string {
  const [first] = told;
  if (!first || first.subject === "") return "";
  const topic = topicOf(first, language);
  return language === "ja" ? topic : ` ${topic.charAt(0).toUpperCase()}${topic.slice(1)}`;
}

/** The instructions of a language with a question that has nothing in it, to be evaluated early. */
export function warmUpPrompt(language: Language): Prompt {
  const { system, examples, question } = INSTRUCTIONS[language];
  return { system, examples, ask: `${question}:`, begin: "" };
}

/**
 * What stands in brackets says the same in other figures, and small models mix figures up. Brackets
 * in a name, which stands before them, are part of it.
 */
function withoutDetails(text: string, name: string): string {
  const start = Math.max(0, text.indexOf(name)) + name.length;
  return text.slice(0, start) + text.slice(start).replace(/ ?\([^)]*\)/g, "");
}
