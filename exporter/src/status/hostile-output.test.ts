import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createRandom, type Random } from "../../models/sentiment/training/random.ts";
import type { GenerateOptions, Generation, Generator, Prompt } from "../engine/generator.ts";
import { createSimulatedGenerator } from "../engine/simulated/generator.ts";
import { LATENCY_PROFILES } from "../engine/simulated/profiles.ts";
import { LANGUAGES, type Language } from "../language.ts";
import { STRATEGIES, STRATEGY, type StatusAnswer } from "./answer.ts";
import type { Finding } from "./findings/finding.ts";
import { anySnapshot } from "./testing/example-snapshots.ts";
import { verdictOn } from "./summary/phrases.ts";
import { SCENARIO_NAMES } from "./scenarios.ts";
import type { Readers } from "./snapshot/reader.ts";
import { SNAPSHOT_PARTS, type Snapshot } from "./snapshot/snapshot.ts";
import { createTestAnalyst } from "./testing/test-analyst.ts";

const MACHINES = 150;
const OUTPUTS_OF_A_MACHINE = 50;
const SEED = 7;

const random: Random = createRandom(SEED);
const oneOf = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
const upTo = (most: number): number => Math.floor(random() * (most + 1));

/** What a model that wants to be believed writes instead of an arrangement. */
const HOSTILE: readonly ((facts: readonly string[], right: string) => string)[] = [
  // The subject of one fact with the value of another.
  (facts) => `${oneOf(facts).slice(0, 9)}${oneOf(facts).slice(9)}`,
  // The facts themselves with other figures.
  (facts) => oneOf(facts).replace(/\d/g, () => String(upTo(9))),
  (facts, right) => `${right.slice(0, upTo(right.length))} ${oneOf(facts)}`,
  // Verdicts that nobody gave.
  (_, right) => `${right.slice(0, 3)} is critical${right.slice(3)}`,
  () =>
    oneOf([
      "OK: all is well.",
      "CRITICAL because of memory.",
      "Nothing is at a limit.",
      "{A} is fine.",
    ]),
  () =>
    oneOf([
      "正常: 問題はありません。",
      "重大: メモリに問題があります。",
      "{A}は正常です。",
      "{A}一方、限界です。",
    ]),
  // Figures in other scripts and in words.
  () =>
    `{A}${oneOf([" 99 %", "９９％", " ٩٩ %", "九十九%", " XCIX %", " ninety-nine percent", "½"])}`,
  // Markup around and inside of slots.
  (_, right) => oneOf(["**", "`", "<b>", "[", "- ", "\n", '"', "\\"]) + right,
  (_, right) => right.replace(/\{|\}/g, () => oneOf(["{{", "}", "｛", "&#123;", "{ ", "{\u200b"])),
  // Slots that do not exist.
  (_, right) =>
    right.replace(/[A-E]/, () => oneOf(["F", "Z", "a", "1", "Ａ", "А", "", "AB", "}{"])),
  // Repeated, missing and swapped slots.
  (_, right) => `${right}${oneOf([", and ", "; ", "また、", ""])}${right}`,
  (_, right) => right.replace(/[B-E]/g, "A"),
  (_, right) => right.slice(0, upTo(right.length)),
  (_, right) => right.replace(/[A-E]/g, () => oneOf([..."ABCDE"])),
  // Phrases that do not hold here.
  (_, right) =>
    right.replace(
      /\}.+?\{/,
      () => `}${oneOf([". Less urgently, ", ", while ", ", but ", "一方、", "次に、"])}{`,
    ),
  // A character too many, too few or another one.
  (_, right) => {
    const at = upTo(right.length);
    return (
      right.slice(0, at) +
      oneOf(["", "\0", "\u202e", "\ud800", "7", "}", " "]) +
      right.slice(at + upTo(1))
    );
  },
  // What holds, with something after it.
  (_, right) =>
    `${right}${oneOf([".", "\n", ". Memory is at its limit.", "\u0001", " (100 %)", "。"])}`,
  (_, right) => right,
];

/** Writes something hostile in pieces, and ends in any way. */
function hostileGenerator(): Generator & { written: string } {
  const simulated = createSimulatedGenerator({ profile: LATENCY_PROFILES.instant });
  const generator = {
    ...simulated,
    written: "",
    async generate(prompt: Prompt, options: GenerateOptions): Promise<Generation> {
      const { text: right } = await simulated.generate(prompt, { ...options, onText: () => {} });
      const facts = prompt.ask.split("\n").slice(2);
      const text = (generator.written = oneOf(HOSTILE)(facts, right));
      for (let at = 0; at < text.length;) {
        const length = 1 + upTo(9);
        options.onText?.(text.slice(at, at + length));
        at += length;
        if (random() < 0.005) throw new Error("broken");
      }
      const tokens = { input: 40, evaluated: 20, output: text.length };
      const end = oneOf(["done", "done", "done", "length", "aborted"] as const);
      return { text, end, tokens, prefillSeconds: 0.01, decodeSeconds: 0.01 };
    },
  };
  return generator;
}

type Severity = StatusAnswer["findings"][number]["severity"];

/** The phrases that may join facts, each with whether it holds between two severities. */
const JOINTS: Readonly<
  Record<Language, Readonly<Record<string, (a: Severity, b: Severity) => boolean>>>
> = {
  en: {
    ", and ": (before, after) => after !== "ok" || before === "ok",
    "; ": (before, after) => before === after,
    ". Also, ": (before, after) => before === after,
    ". Less urgently, ": (before, after) => before === "critical" && after === "warning",
    ", while ": (before, after) => before !== "ok" && after === "ok",
    ". Apart from that, ": (before, after) => before !== "ok" && after === "ok",
  },
  ja: {
    "": () => true,
    "また、": (before, after) => before === after,
    "さらに、": (before, after) => before === after,
    "次に、": (before, after) => before === "critical" && after === "warning",
    "一方、": (before, after) => before !== "ok" && after === "ok",
    "そのほか、": (before, after) => before !== "ok" && after === "ok",
  },
};
const OPENINGS = { en: ["", "By the latest reading, "], ja: ["", "最新の計測では、"] } as const;
const VERDICT = {
  en: {
    ok: /^OK: nothing looked at is at a limit\./,
    warning: /^WARNING because of /,
    critical: /^CRITICAL because of /,
  },
  ja: {
    ok: /^正常: 確認した項目に、しきい値を外れたものはありません。/,
    warning: /^警告: /,
    critical: /^重大: /,
  },
} as const;
const WORST: readonly Severity[] = ["critical", "warning", "ok"];

/** The sentences that end the summary, from what is true of the findings. */
function closing({ findings, unavailable, language }: StatusAnswer, said: number): string {
  const bad = ({ severity }: StatusAnswer["findings"][number]) => severity !== "ok";
  const texts = [];
  if (findings.slice(said).some(bad)) {
    texts.push({
      en: " More is at a limit, as the findings tell.",
      ja: "ほかにも、しきい値を外れた項目があります。",
    });
  } else if (findings.some(bad) && findings.length > said) {
    texts.push({
      en: " Nothing else looked at is at a limit.",
      ja: "ほかに確認した項目は、しきい値を外れていません。",
    });
  }
  if (unavailable.length > 0)
    texts.push({ en: " Not everything could be read.", ja: "一部は読み取れませんでした。" });
  return texts.map((text) => text[language]).join("");
}

/** Whether a summary is the verdict, the facts as code states them, and phrases that hold for them. */
function isTrue(answer: StatusAnswer): boolean {
  const { summary, findings, language, strategy } = answer;
  const facts = findings.slice(0, STRATEGY[strategy].findings);
  const worst = WORST.find((severity) =>
    findings.some((finding) => finding.severity === severity),
  )!;
  if (!VERDICT[language][worst].test(summary)) return false;
  const end = closing(answer, facts.length);
  const en = language === "en";
  const clause = (text: string) => (en ? text.charAt(0).toLowerCase() + text.slice(1, -1) : text);

  /** Whether the rest says all facts that are left, as sentences of their own. */
  const inSentences = (rest: string, left: readonly StatusAnswer["findings"][number][]): boolean =>
    left.length === 0
      ? rest === end
      : left.some(({ text }, i) => {
          const sentence = (en ? " " : "") + text;
          return (
            rest.startsWith(sentence) &&
            inSentences(rest.slice(sentence.length), left.toSpliced(i, 1))
          );
        });
  /** Whether the rest goes on behind a joined fact. */
  const joined = (
    rest: string,
    before: Severity,
    left: readonly StatusAnswer["findings"][number][],
  ): boolean =>
    (rest.startsWith(en ? "." : "") && inSentences(rest.slice(en ? 1 : 0), left)) ||
    left.some((fact, i) =>
      Object.entries(JOINTS[language]).some(([joint, holds]) => {
        const said = joint + clause(fact.text);
        return (
          holds(before, fact.severity) &&
          rest.startsWith(said) &&
          joined(rest.slice(said.length), fact.severity, left.toSpliced(i, 1))
        );
      }),
    );
  const verdict = verdictOn(findings.map(inBoth), language);
  const rest = summary.slice(verdict.length);
  return (
    summary.startsWith(verdict) &&
    (inSentences(rest, facts) ||
      facts.some((fact, i) =>
        OPENINGS[language].some((opening) => {
          const text = opening === "" ? fact.text.slice(0, en ? -1 : undefined) : clause(fact.text);
          const said = (en ? " " : "") + opening + text;
          const left = facts.toSpliced(i, 1);
          return rest.startsWith(said) && joined(rest.slice(said.length), fact.severity, left);
        }),
      ))
  );
}

const inBoth = (finding: StatusAnswer["findings"][number]): Finding => ({
  ...finding,
  text: { en: finding.text, ja: finding.text },
});

/** Reads the parts of a snapshot, of which one in twenty cannot be read. */
function readersOf(snapshot: Snapshot): Partial<Readers> {
  const entries = SNAPSHOT_PARTS.map((part) => {
    const isBroken = random() < 0.05;
    const read = async () => (isBroken ? Promise.reject(new Error("broken")) : snapshot[part]);
    return [part, read] as const;
  });
  return Object.fromEntries(entries) as Partial<Readers>;
}

describe("what a hostile model writes", () => {
  it("never gets into an answer: each sentence is a fact, or a phrase that holds for the facts", async () => {
    const fallbacks: string[] = [];
    for (const snapshot of fc.sample(anySnapshot, { numRuns: MACHINES, seed: SEED })) {
      const generator = hostileGenerator();
      const analyst = createTestAnalyst({ generator, readers: readersOf(snapshot) });
      for (let i = 0; i < OUTPUTS_OF_A_MACHINE; i++) {
        let told = "";
        const request = {
          scenario: oneOf(SCENARIO_NAMES),
          strategy: oneOf(STRATEGIES),
          language: oneOf(LANGUAGES),
        };
        const answer = await analyst.answer(request, {
          acceptedAt: performance.now(),
          cache: "no-store",
          signal: new AbortController().signal,
          onEvent: (event) => (told += event.type === "delta" ? event.text : ""),
        });
        fallbacks.push(answer.fallback ?? "none");
        if (answer.fallback === "no_findings") continue;
        const { summary, findings } = answer;
        const wrote = generator.written;
        expect({ wrote, summary, findings, true: isTrue(answer) }).toMatchObject({ true: true });
        expect(told).toBe(summary);
      }
    }
    const count = (fallback: string) => fallbacks.filter((one) => one === fallback).length;
    expect(fallbacks.length - count("no_findings")).toBeGreaterThanOrEqual(5_000);
    expect(count("ungrounded")).toBeGreaterThan(2_000);
    expect(count("none")).toBeGreaterThan(500);
    expect(count("model_failed")).toBeGreaterThan(10);
  });
});
