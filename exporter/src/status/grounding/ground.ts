import type { Finding } from "../findings/finding.ts";
import { worstOf } from "../findings/worst.ts";
import type { Language } from "../../language.ts";
import { judgementsIn } from "./severity-words.ts";
import { clausesOf, type Clause } from "./clauses.ts";
import { claimsIn, saysNumber, type Claim } from "./claims.ts";
import { mentionsIn, type Mention } from "./mentions.ts";
import { spelledNumbers } from "./spelled-numbers.ts";
import { isInLanguage } from "./script.ts";
import { unknownNames } from "./unknown-names.ts";

/** Why a summary does not hold, for logs and tests; never sent with the summary's own words. */
export type Ungrounded =
  "language" | "debris" | "number" | "name" | "verdict" | "cause_left_out" | "empty";

/** Pieces of a prompt or of a chat template that no report holds. */
const DEBRIS = /<\||\|>|\[\/?INST\]|^\s*(?:Question|Facts|質問|事実)\s*:|[\u0000-\u0008\ufffd]/imu;

/**
 * Checks a summary against the findings that it is about.
 *
 * - every number stands beside a finding that says it, in its unit and rounded to its digits
 * - every process, disk and interface that it names is one of the findings
 * - what it judges is as bad as it says, and the worst finding is spoken of when it is not ok
 *
 * Full-width digits and signs are read as plain ones (Unicode NFKC).
 *
 * @returns what does not hold; empty when the summary is grounded
 */
export function ungroundedParts(
  summary: string,
  findings: readonly Finding[],
  language: Language,
): Ungrounded[] {
  const text = summary.normalize("NFKC").trim();
  if (text === "") return ["empty"];
  const problems = new Set<Ungrounded>();
  if (!isInLanguage(text, language)) problems.add("language");
  if (DEBRIS.test(text)) problems.add("debris");

  const mentions = mentionsIn(text, findings, language);
  const masked = mask(
    text,
    mentions.filter(({ named }) => named),
  );
  const clauses = clausesOf(masked);
  if (unknownNames(masked, language).length > 0) problems.add("name");
  if (spelledNumbers(masked, language).length > 0) problems.add("number");
  for (const claim of claimsIn(masked)) {
    if (!isSaid(claim, mentions, clauses)) problems.add("number");
  }
  for (const { index, allows } of judgementsIn(masked, language)) {
    const judged = judgedAt(index, mentions, clauses) ?? findings;
    if (!allows.includes(worstOf(judged))) problems.add("verdict");
  }
  if (leavesOutTheWorst(findings, mentions)) problems.add("cause_left_out");
  return [...problems];
}

/** Names may hold digits and words such as "load", which are no claims. */
function mask(text: string, names: readonly Mention[]): string {
  return names.reduce(
    (masked, { index, length }) =>
      masked.slice(0, index) + "\u25a1".repeat(length) + masked.slice(index + length),
    text,
  );
}

/**
 * A number belongs to what was spoken of last before it (and to the resource that was named last
 * in the sentence), or else to what comes right behind it in the same clause.
 */
function isSaid(claim: Claim, mentions: readonly Mention[], clauses: readonly Clause[]): boolean {
  const { sentence, end } = clauseAt(clauses, claim.index);
  const before = mentions.filter(({ index }) => index < claim.index);
  const inSentence = before.filter(({ index }) => index >= sentence);
  const last = inSentence.at(-1) ?? before.at(-1);
  const named = inSentence.findLast(({ named }) => named);
  const next = mentions.find(({ index }) => index > claim.index && index < end);
  return [last, named, next].some((mention) =>
    mention?.findings.some((finding) => saysNumber(finding, claim)),
  );
}

/** The findings that a judgement is about: those of its clause, else the last of its sentence. */
function judgedAt(
  index: number,
  mentions: readonly Mention[],
  clauses: readonly Clause[],
): readonly Finding[] | undefined {
  const { sentence, start, end } = clauseAt(clauses, index);
  const spoken = mentions.filter(({ findings }) => findings.length > 0);
  const within = (from: number, to: number) =>
    spoken.filter((mention) => mention.index >= from && mention.index < to);
  const before = within(sentence, index).at(-1);
  // "WARNING: memory is ..." is about what follows.
  const next = clauses.find((clause) => clause.start === end && clause.sentence === sentence);
  const judged = [
    within(start, end),
    before ? [before] : [],
    next ? within(next.start, next.end) : [],
  ].find((found) => found.length > 0);
  return judged?.flatMap(({ findings }) => findings);
}

function clauseAt(clauses: readonly Clause[], index: number): Clause {
  return clauses.find(({ start, end }) => index >= start && index < end) ?? clauses.at(-1)!;
}

function leavesOutTheWorst(findings: readonly Finding[], mentions: readonly Mention[]): boolean {
  const status = worstOf(findings);
  if (status === "ok") return false;
  const worst = findings.filter(({ severity }) => severity === status);
  return !mentions.some((mention) => mention.findings.some((finding) => worst.includes(finding)));
}
