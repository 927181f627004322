import type { FindingLimit } from "@headroom/alerts/limits";
import type { Language } from "../../language.ts";
import type { Finding, FindingKind, FindingValue } from "./finding.ts";
import { OK, type Judgement } from "./judge.ts";
import { formatQuantity } from "./quantity.ts";

/** What a finding says, before its sentence is ended. */
export interface Statement {
  readonly kind: FindingKind;
  readonly subject?: string;
  readonly values: readonly FindingValue[];
  /** Ok when left out. */
  readonly judgement?: Judgement;
  /**
   * The sentence without its end, given the formatted values in order. The Japanese one ends in a
   * noun, so that です or the broken limit can follow, or is a whole sentence with its 。.
   */
  readonly words: Readonly<Record<Language, (...values: string[]) => string>>;
}

/** Puts a finding into words; a broken limit is named at the end of the sentence. */
export function stateFinding(statement: Statement): Finding {
  const { kind, subject = "", values, judgement = OK, words } = statement;
  const { severity, broken } = judgement;
  const first = values[0];
  const say = (language: Language) =>
    words[language](...values.map(({ value, unit }) => formatQuantity(value, unit, language)));
  const limit = broken && edge(broken);
  const end = (language: Language) =>
    broken && first ? sayLimit(broken, first, language) : NO_LIMIT[language];
  const ja = say("ja");
  return {
    kind,
    subject,
    severity,
    values,
    ...(limit !== undefined && { limit }),
    text: { en: say("en") + end("en"), ja: ja.endsWith("。") ? ja : ja + end("ja") },
  };
}

const NO_LIMIT: Readonly<Record<Language, string>> = { en: ".", ja: "です。" };

function sayLimit(broken: FindingLimit, { value, unit }: FindingValue, language: Language): string {
  const shown = formatQuantity(edge(broken), unit, language);
  // "85 % used, above 85 %" would look wrong.
  const equal = shown === formatQuantity(value, unit, language);
  if (language === "en") {
    const where = equal ? "at the limit of" : broken.bound === "upper" ? "above" : "below";
    return `, ${where} ${shown}.`;
  }
  const where = equal
    ? "に達しています"
    : broken.bound === "upper"
      ? "を超えています"
      : "を下回っています";
  return `で、しきい値の${shown}${where}。`;
}

/** The limits of findings have one edge each. */
function edge(limit: FindingLimit): number {
  return limit.bound === "lower" ? limit.lower : limit.upper;
}

/** Whether all are numbers that can be stated: finite and not negative. */
export function canBeStated(...numbers: readonly number[]): boolean {
  return numbers.every((number) => Number.isFinite(number) && number >= 0);
}

/** Orders names the same way on every machine. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
