import type { Finding } from "../findings/finding.ts";
import type { Language } from "../../language.ts";
import { claimsIn, saysNumber } from "./claims.ts";
import { mentionsIn } from "./mentions.ts";

/** Whether a text speaks of every finding and states the number that each is about. */
export function saysAll(text: string, findings: readonly Finding[], language: Language): boolean {
  const plain = text.normalize("NFKC");
  const mentioned = mentionsIn(plain, findings, language).flatMap((mention) => mention.findings);
  const claims = claimsIn(plain);
  return findings.every((finding) => {
    const { values } = finding;
    const judged = { ...finding, values: values.slice(0, 1) };
    const stated = values.length === 0 || claims.some((claim) => saysNumber(judged, claim));
    return stated && mentioned.includes(finding);
  });
}
