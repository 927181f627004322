import type { Finding, FindingKind } from "../findings/finding.ts";
import type { Language } from "../../language.ts";
import { topicWords } from "../topics.ts";

/** A place where a text speaks of findings. */
export interface Mention {
  readonly index: number;
  readonly length: number;
  /**
   * What it means: the findings of that name, or of that kind. None when the kind has several
   * resources and the text does not say which.
   */
  readonly findings: readonly Finding[];
  /** Whether it is the name of a resource and not a word such as "memory". */
  readonly named: boolean;
}

/** Letters, digits and what names are made of besides. */
const NAME_CHARACTER = "[\\p{L}\\p{N}_/.:@+-]";

/**
 * Where a text speaks of which findings, in order; a name that lies inside a longer one is not it.
 *
 * @param text - normalised (Unicode NFKC), as names are compared
 */
export function mentionsIn(
  text: string,
  findings: readonly Finding[],
  language: Language,
): Mention[] {
  const names = new Set(findings.map(({ subject }) => subject).filter((name) => name !== ""));
  const named = [...names].flatMap((name) =>
    placesOf(nameIn(name, language), text).map((place) => ({
      ...place,
      findings: findings.filter(({ subject }) => subject === name),
      named: true,
    })),
  );
  const kinds = new Set(findings.map(({ kind }) => kind));
  const generic = [...kinds].flatMap((kind) =>
    placesOf(topicWords(kind, language), text).map((place) => ({
      ...place,
      findings: isOne(kind, findings) ? findings.filter((finding) => finding.kind === kind) : [],
      named: false,
    })),
  );
  const free = generic.filter((word) => !named.some((name) => overlaps(name, word)));
  return [...named, ...merged(free)].sort((a, b) => a.index - b.index);
}

/** Whether "the disk" can only be one. */
function isOne(kind: FindingKind, findings: readonly Finding[]): boolean {
  const own = findings.filter((finding) => finding.kind === kind);
  return new Set(own.map(({ subject }) => subject)).size === 1;
}

/** Japanese puts particles right behind a name, so only Latin letters and digits continue it. */
function nameIn(name: string, language: Language): RegExp {
  const escaped = name.normalize("NFKC").replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const more = language === "ja" ? "[A-Za-z0-9_/]" : NAME_CHARACTER;
  // A full stop behind a name ends the sentence unless more of a name follows.
  const after = language === "ja" ? `(?!${more})` : `(?!(?![.:](?:\\s|$))${more})`;
  return new RegExp(`(?<!${more})${escaped}${after}`, "giu");
}

function placesOf(pattern: RegExp, text: string): { index: number; length: number }[] {
  return [...text.matchAll(pattern)].map((match) => ({
    index: match.index,
    length: match[0].length,
  }));
}

function overlaps(a: { index: number; length: number }, b: { index: number; length: number }) {
  return a.index < b.index + b.length && b.index < a.index + a.length;
}

/** Kinds that share a word, such as a program's processor time and memory, are meant together. */
function merged(mentions: readonly Mention[]): Mention[] {
  const byPlace = new Map<number, Mention>();
  for (const mention of mentions) {
    const same = byPlace.get(mention.index);
    const findings = [...(same?.findings ?? []), ...mention.findings];
    byPlace.set(mention.index, { ...mention, findings });
  }
  return [...byPlace.values()];
}
