import type { Language } from "../../language.ts";

const JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu;
const LATIN = /\p{Script=Latin}/gu;

/** English may hold a name in another script, and Japanese holds units and names in Latin. */
const LEAST_SHARE = { en: 0.8, ja: 0.3 } as const;

/** Whether a text is written in the script of a language. */
export function isInLanguage(text: string, language: Language): boolean {
  const japanese = text.match(JAPANESE)?.length ?? 0;
  const latin = text.match(LATIN)?.length ?? 0;
  const own = language === "ja" ? japanese : latin;
  return own > 0 && own / (japanese + latin) >= LEAST_SHARE[language];
}
