import type { FindingSeverity } from "../findings/finding.ts";
import type { Language } from "../../language.ts";

/** A place where a text judges. */
export interface Judgement {
  readonly index: number;
  /** What the word allows the judged findings' worst severity to be. */
  readonly allows: readonly FindingSeverity[];
}

const CRITICAL = ["critical"] as const;
const WARNING = ["warning"] as const;
const TROUBLE = ["warning", "critical"] as const;
const OK = ["ok"] as const;
const NOT_CRITICAL = ["ok", "warning"] as const;

type Rule = readonly [pattern: RegExp, allows: readonly FindingSeverity[]];

/** Earlier rules win where two match at one place, so negations come first. */
const RULES: Readonly<Record<Language, readonly Rule[]>> = {
  en: [
    [
      /\b(?:no|without|free of)\s+(?:critical|urgent|severe|serious)\s+(?:problems?|issues?|warnings?|trouble)\b/giu,
      NOT_CRITICAL,
    ],
    [/\b(?:not?|never|without|isn't|aren't)\s+(?:\w+\s+)?critical\b/giu, NOT_CRITICAL],
    [/\b(?:no|without|free of)\s+(?:\w+\s+)?(?:problems?|issues?|warnings?|trouble)\b/giu, OK],
    [
      /\b(?:not|isn't|aren't|never)\s+(?:\w+\s+)?(?:ok(?:ay)?|normal|healthy|fine|stable|good)\b/giu,
      TROUBLE,
    ],
    [/\bnothing (?:is )?(?:at (?:a|its|the) limit|urgent|wrong)\b/giu, OK],
    [/\bwithin (?:its|the|their|all)? ?limits?\b/giu, OK],
    [
      /\bcritical(?:ly)?\b|\bemergenc(?:y|ies)\b|\bsevere(?:ly)?\b|\bdanger(?:ous(?:ly)?)?\b/giu,
      CRITICAL,
    ],
    [
      /\boverload(?:ed)?\b|\bexhausted\b|\bmaximum\b|\bat (?:full )?capacity\b|\bout of memory\b/giu,
      CRITICAL,
    ],
    [/\bfail(?:s|ed|ing|ure)?\b|\burgent(?:ly)?\b/giu, CRITICAL],
    [/\bwarnings?\b|\bcaution\b/giu, WARNING],
    [
      /\bproblems?\b|\bissues?\b|\bconcern(?:s|ing)?\b|\babnormal\b|\btoo (?:high|full|low|busy|much)\b/giu,
      TROUBLE,
    ],
    [
      /\bok(?:ay)?\b|\bnormal(?:ly)?\b|\bhealthy\b|\bfine\b|\bstable\b|\bgood\b|\bwell\b|\bsafe\b/giu,
      OK,
    ],
  ],
  ja: [
    [
      /(?:重大|危険|致命的|緊急|深刻)(?:な|の|では|じゃ)[^。、:]{0,8}?(?:ありません|ない|なし|なく)/gu,
      NOT_CRITICAL,
    ],
    [/(?:問題|異常|警告)(?:は|も)?(?:特に)?(?:ありません|ない|なし|なく)/gu, OK],
    [/正常(?:では|じゃ)(?:ありません|ない)/gu, TROUBLE],
    [/しきい値を超えた[^。]{0,8}(?:は|も)?(?:ありません|ない|なし)/gu, OK],
    [/重大|危険|致命的|緊急|限界|枯渇|深刻/gu, CRITICAL],
    [/警告|注意/gu, WARNING],
    [/問題|異常|高すぎ|不足/gu, TROUBLE],
    [/正常|健全|良好|安定|余裕/gu, OK],
  ],
};

/** Where a text judges, and what each place allows, in order. */
export function judgementsIn(text: string, language: Language): Judgement[] {
  const taken: { start: number; end: number }[] = [];
  const found: Judgement[] = [];
  for (const [pattern, allows] of RULES[language]) {
    for (const match of text.matchAll(pattern)) {
      const place = { start: match.index, end: match.index + match[0].length };
      if (taken.some(({ start, end }) => start < place.end && place.start < end)) continue;
      taken.push(place);
      found.push({ index: match.index, allows });
    }
  }
  return found.sort((a, b) => a.index - b.index);
}
