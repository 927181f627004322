import { isBroken } from "@headroom/alerts/headroom";
import { FINDING_LIMITS, type FindingLimit } from "@headroom/alerts/limits";
import type { Language } from "../../language.ts";
import type { Finding, FindingValue } from "./finding.ts";
import { formatQuantity } from "./quantity.ts";
import { SENTENCES, type Sentence } from "./sentences.ts";

type Sentences = typeof SENTENCES;

/**
 * Says a sentence about values, and judges the first of them; a broken limit is named at the end.
 *
 * @param numbers - each in the unit that the sentence gives it
 * @param subject - name of the resource
 * @returns nothing when one of the numbers is none that can be stated
 */
export function judgeFinding<Id extends keyof Sentences>(
  id: Id,
  numbers: Readonly<Record<keyof Sentences[Id]["values"], number>>,
  subject = "",
): readonly Finding[] {
  const sentence: Sentence = SENTENCES[id];
  const values = Object.entries(sentence.values).map(([name, unit]) => {
    return { name, value: (numbers as Readonly<Record<string, number>>)[name]!, unit };
  });
  if (!canBeStated(...values.map(({ value }) => value))) return [];
  const broken = sentence.limit && worstBroken(sentence.limit, values[0]!.value);
  const say = (language: Language) => {
    const text = fillIn(sentence[language], values, subject, language);
    if (text.endsWith("。")) return text;
    return text + (broken ? sayLimit(broken, values[0]!, language) : NO_LIMIT[language]);
  };
  return [
    {
      kind: sentence.kind,
      subject,
      severity: broken ? broken.severity : "ok",
      values,
      ...(broken && { limit: edge(broken) }),
      text: { en: say("en"), ja: say("ja") },
    },
  ];
}

/** Whether all are numbers that can be stated: finite and not negative. */
export function canBeStated(...numbers: readonly number[]): boolean {
  return numbers.every((number) => Number.isFinite(number) && number >= 0);
}

/** The limit that a value breaks, the critical one first. */
function worstBroken(id: string, value: number): FindingLimit | undefined {
  const broken = FINDING_LIMITS.filter((limit) => limit.id === id && isBroken(limit, value));
  return broken.find(({ severity }) => severity === "critical") ?? broken[0];
}

/** Fills in what {@link SENTENCES} leave open. A name is never looked into. */
function fillIn(
  sentence: string,
  values: readonly FindingValue[],
  subject: string,
  language: Language,
): string {
  return sentence.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, texts?: string) => {
    if (name === "subject") return subject;
    const { value, unit } = values.find((one) => one.name === name)!;
    if (texts === undefined) return formatQuantity(value, unit, language);
    const choices = texts.split("|").map((text) => text.split(":"));
    return choices.find(([when, text]) => text === undefined || Number(when) === value)!.at(-1)!;
  });
}

const NO_LIMIT: Readonly<Record<Language, string>> = { en: ".", ja: "です。" };

function sayLimit(broken: FindingLimit, { value, unit }: FindingValue, language: Language): string {
  const shown = formatQuantity(edge(broken), unit, language);
  // "85 % used, above 85 %" would look wrong.
  const isEqual = shown === formatQuantity(value, unit, language);
  const where = isEqual ? "equal" : broken.bound === "lower" ? "lower" : "upper";
  return language === "en"
    ? `, ${WHERE.en[where]} ${shown}.`
    : `で、しきい値の${shown}${WHERE.ja[where]}。`;
}

const WHERE = {
  en: { equal: "at the limit of", upper: "above", lower: "below" },
  ja: { equal: "に達しています", upper: "を超えています", lower: "を下回っています" },
} as const;

/** The limits of findings have one edge each. */
function edge(limit: FindingLimit): number {
  return limit.bound === "lower" ? limit.lower : limit.upper;
}
