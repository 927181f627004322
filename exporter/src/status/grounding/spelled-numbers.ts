import type { Language } from "../../language.ts";

/** Numbers and multiples in words, which no finding uses; "one" is too often no number. */
const SPELLED: Readonly<Record<Language, RegExp>> = {
  en: /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|half|double|twice|triple|quarter|dozens?)\b/giu,
  ja: /[一二三四五六七八九十百千万億]+(?=\s*(?:%|パーセント|割|個|つ|台|件|日|時間|分|秒|倍|GB|MB))|半分/gu,
};

/** The numbers that a text says in words. */
export function spelledNumbers(text: string, language: Language): string[] {
  return [...text.matchAll(SPELLED[language])].map(([word]) => word);
}
