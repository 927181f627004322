import type { Finding, FindingSeverity } from "./findings/finding.ts";
import { worstOf } from "./findings/worst.ts";
import type { Language } from "../language.ts";
import { topicOf } from "./topics.ts";

/** What a verdict says, with what it is about in place of `{}`. */
const VERDICTS: Readonly<Record<Language, Readonly<Record<FindingSeverity, string>>>> = {
  en: {
    ok: "OK: nothing is at a limit.",
    warning: "WARNING because of {}.",
    critical: "CRITICAL because of {}.",
  },
  ja: {
    ok: "正常: しきい値を超えた項目はありません。",
    warning: "警告: {}に注意が必要です。",
    critical: "重大: {}に問題があります。",
  },
};

const NOTHING: Readonly<Record<Language, string>> = {
  en: "There is nothing to report.",
  ja: "報告する項目はありません。",
};

const AND: Readonly<Record<Language, string>> = { en: " and ", ja: "と" };

/** More causes than this make no sentence that a person reads; the findings list them all. */
const MOST_CAUSES = 2;

/** The worst severity and its causes, in one sentence. */
export function verdictOn(findings: readonly Finding[], language: Language): string {
  const status = worstOf(findings);
  const causes = findings
    .filter(({ severity }) => severity === status)
    .map((finding) => topicOf(finding, language));
  const named = [...new Set(causes)].slice(0, MOST_CAUSES).join(AND[language]);
  return VERDICTS[language][status].replace("{}", () => named);
}

/**
 * The findings in their own words: the verdict and the most important ones. True by construction,
 * and what is answered when there is no summary by a model.
 */
export function statementOf(
  findings: readonly Finding[],
  language: Language,
  most: number,
): string {
  if (findings.length === 0) return NOTHING[language];
  const texts = findings.slice(0, most).map(({ text }) => text[language]);
  return [verdictOn(findings, language), ...texts].join(language === "ja" ? "" : " ");
}
