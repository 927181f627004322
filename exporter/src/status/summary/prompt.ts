import type { Example, Prompt } from "../../engine/generator.ts";
import type { Language } from "../../language.ts";
import type { Finding } from "../findings/finding.ts";
import type { Scenario } from "../scenarios.ts";
import { slotOf } from "./arrangement.ts";
import { everyJoint } from "./phrases.ts";

/** How a model is told what to do in one language; equal for every request in it. */
interface Instructions {
  readonly system: string;
  readonly examples: readonly Example[];
  /** Headings of what is new in a prompt. */
  readonly question: string;
  readonly facts: string;
}

const INSTRUCTIONS: Readonly<Record<Language, Instructions>> = {
  en: {
    system:
      "You arrange facts about a computer into one short report. Each fact has a letter. Write each " +
      "letter in braces once, what matters most first, and join them with some of these: " +
      everyJoint("en").join("| "),
    question: "Question",
    facts: "Facts",
    examples: [
      {
        ask: "Question: How is the printer?\nFacts:\n{A} The toner is at 64 %.\n{B} The tray holds 120 sheets.",
        answer: "By the latest reading, {A}, and {B}",
      },
      {
        ask:
          "Question: How is the printer?\nFacts:\n{A} The toner is at 3 %, below 5 %.\n" +
          "{B} Tray left-1 holds 80 sheets.\n{C} Tray right-2 holds 500 sheets.",
        answer: "{A}. Apart from that, {C}, and {B}",
      },
    ],
  },
  ja: {
    system:
      "コンピュータに関する事実を並べて短い報告にします。各事実には文字が付いています。" +
      "重要なものから順に、波括弧の文字を一度ずつ書き、次の言葉でつないでください: " +
      everyJoint("ja").join("| "),
    question: "質問",
    facts: "事実",
    examples: [
      {
        ask: "質問: プリンターの状態はどうですか?\n事実:\n{A} トナーの残量は64%です。\n{B} トレイには用紙が120枚あります。",
        answer: "最新の計測では、{A}また、{B}",
      },
      {
        ask:
          "質問: プリンターの状態はどうですか?\n事実:\n{A} トナーの残量は3%で、しきい値の5%を下回っています。\n" +
          "{B} 左トレイには用紙が80枚あります。\n{C} 右トレイには用紙が500枚あります。",
        answer: "{A}一方、{C}また、{B}",
      },
    ],
  },
};

/**
 * Asks a model to arrange facts.
 *
 * @param told - the facts, the most important first
 */
export function buildPrompt(
  scenario: Scenario,
  told: readonly Finding[],
  language: Language,
): Prompt {
  const { system, examples, question, facts } = INSTRUCTIONS[language];
  const lines = [
    `${question}: ${scenario.question[language]}`,
    `${facts}:`,
    ...told.map(
      ({ text, subject }, i) => `${slotOf(i)} ${withoutDetails(text[language], subject)}`,
    ),
  ];
  return { system, examples, ask: lines.join("\n") };
}

/** The instructions of a language without a scenario, to be evaluated early. */
export function warmUpPrompt(language: Language): Prompt {
  const { system, examples, question } = INSTRUCTIONS[language];
  return { system, examples, ask: `${question}:` };
}

/**
 * What stands in brackets says the same in other figures, which costs time to read. Brackets in a
 * name, which stands before them, are part of it.
 */
function withoutDetails(text: string, name: string): string {
  const start = Math.max(0, text.indexOf(name)) + name.length;
  return text.slice(0, start) + text.slice(start).replace(/ ?\([^)]*\)/g, "");
}
