import type { Choice, Grammar } from "../../engine/generator.ts";
import type { Language } from "../../language.ts";
import { worstOf, type Finding } from "../findings/finding.ts";
import type { ScenarioFindings } from "../scenarios.ts";
import { closingOf, jointsBetween, nothingToSay, verdictOn } from "./phrases.ts";

/** What a summary depends on. */
type About = Omit<ScenarioFindings, "scenario">;

/** A choice of the model with what the summary says in its place, and which fact that is. */
interface Step extends Choice {
  readonly says: string;
  readonly fact: number;
}

/** How a model writes the place of a fact: a letter, so that it need not write a digit or a name. */
export function slotOf(fact: number): string {
  return `{${String.fromCharCode(65 + fact)}}`;
}

/**
 * A summary on its way. Code states the verdict and the facts; a model chooses in which order facts of
 * equal severity come and which phrases join them. Whatever it writes, and wherever it stops or is cut
 * off, what was said up to there is true, and {@link Arrangement.finish} says the rest.
 */
export class Arrangement {
  readonly #about: About;
  readonly #facts: readonly Finding[];
  readonly #placed = new Set<number>();
  #places: readonly (readonly Step[])[] = [];
  #place: number | undefined;
  /** Written and not yet understood. */
  #heard = "";
  #text: string;
  #isBroken = false;
  #isFinished = false;

  constructor(about: About) {
    const { findings, isComplete, language, strategy } = about;
    this.#about = about;
    this.#facts = findings.slice(0, strategy.findings);
    this.#text =
      findings.length > 0 ? verdictOn(findings, language) : nothingToSay(isComplete, language);
  }

  /** What is said so far. */
  get text(): string {
    return this.#text;
  }

  /** How many facts the model has placed. */
  get placed(): number {
    return this.#placed.size;
  }

  /** Whether the model wrote what it may not; nothing after that is taken from it. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Whether the summary is whole, and nothing is taken from a model any more. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Whether the model has placed every fact that it was told; whatever it writes then is dropped. */
  get isArranged(): boolean {
    return this.#places.length > 0 && this.#place === undefined;
  }

  /**
   * Lets a model arrange the first facts.
   *
   * @returns what it may write
   */
  open(told: number): Grammar {
    this.#places = placesOf(this.#facts.slice(0, told), this.#about.language);
    this.#place = 0;
    return this.#places.map((steps) => steps.map(withoutWords));
  }

  /** Takes the next piece that the model wrote. Where the pieces are cut makes no difference. */
  add(piece: string): void {
    if (this.#isFinished || this.#isBroken) return;
    this.#heard += piece;
    while (this.#place !== undefined && this.#heard !== "") {
      const steps: readonly Step[] = this.#places[this.#place]!;
      const step = steps.find(({ text }) => this.#heard.startsWith(text));
      if (!step) {
        this.#isBroken = !steps.some(({ text }) => text.startsWith(this.#heard));
        return;
      }
      this.#heard = this.#heard.slice(step.text.length);
      this.#place = step.next;
      this.#text += step.says;
      this.#placed.add(step.fact);
    }
  }

  /** The whole summary: code states what no model has placed. */
  finish(): string {
    if (this.#isFinished) return this.#text;
    this.#isFinished = true;
    const { findings, isComplete, language } = this.#about;
    const space = language === "ja" ? "" : " ";
    const texts = this.#facts
      .filter((_, i) => !this.#placed.has(i))
      .map(({ text }) => text[language]);
    const closing =
      findings.length > 0
        ? closingOf(findings, findings.slice(this.#facts.length), isComplete, language)
        : [];
    const end = this.placed > 0 && language === "en" ? "." : "";
    this.#text += end + [...texts, ...closing].map((sentence) => space + sentence).join("");
    return this.#text;
  }
}

/**
 * Every way to arrange facts: at each place stands one that is not placed yet, the worst first, with a
 * phrase before it that does not come twice running. A place is told by the facts that stand before it
 * and the phrase before the last of them.
 */
function placesOf(facts: readonly Finding[], language: Language): readonly (readonly Step[])[] {
  const places: Step[][] = [];
  const numbers = new Map<string, number>();

  function placeBehind(placed: readonly number[], lastJoint: string): number | undefined {
    if (placed.length === facts.length) return undefined;
    const key = `${placed.toSorted().join()} ${lastJoint}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const steps: Step[] = [];
    const number = places.push(steps) - 1;
    numbers.set(key, number);
    const before = facts[placed.at(-1) ?? -1]?.severity;
    const left = facts.map((fact, i) => ({ ...fact, i })).filter(({ i }) => !placed.includes(i));
    const worst = worstOf(left);
    for (const { i, severity, text } of left.filter(({ severity }) => severity === worst)) {
      for (const joint of jointsBetween(before, severity, language)) {
        if (joint !== "" && joint === lastJoint) continue;
        const next = placeBehind([...placed, i], before === undefined ? "" : joint);
        const says = joined(joint, text[language], language, before === undefined);
        steps.push({ text: joint + slotOf(i), ...(next !== undefined && { next }), says, fact: i });
      }
    }
    return number;
  }

  placeBehind([], "");
  return places;
}

/** A fact behind a phrase: in English as a clause whose full stop is still to come. */
function joined(joint: string, sentence: string, language: Language, isFirst: boolean): string {
  if (language === "ja") return joint + sentence;
  const start = isFirst ? " " : "";
  const clause = sentence.replace(/\.$/, "");
  return start + joint + (joint === "" ? clause : clause.charAt(0).toLowerCase() + clause.slice(1));
}

function withoutWords({ text, next }: Step): Choice {
  return { text, ...(next !== undefined && { next }) };
}
