import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { toGbnf } from "../../engine/generator.ts";
import { LANGUAGES, type Language } from "../../language.ts";
import { Arrangement } from "./arrangement.ts";
import type { Finding } from "../findings/finding.ts";
import { STRATEGY } from "../answer.ts";
import * as example from "../testing/example-findings.ts";

const { BUSY_CPU, DATA_DISK, FREE_MEMORY, FULL_MEMORY, IDLE_CPU, OK_FINDINGS, ROOT_DISK } = example;
const CALM = [IDLE_CPU, FREE_MEMORY, ROOT_DISK];
const OK = "OK: nothing looked at is at a limit.";
const MEMORY = "emory is 45 % used (10.8 GB of 24.0 GB)";

/** An arrangement in which the model was told so many facts. */
function open(
  findings: readonly Finding[] = CALM,
  { language = "en" as Language, told = findings.length, strategy = STRATEGY.quality } = {},
) {
  const arrangement = new Arrangement({ findings, language, strategy, isComplete: true });
  return { arrangement, grammar: arrangement.open(told) };
}

/** What becomes of a text that a model wrote in these pieces. */
function write(pieces: readonly string[], ...how: Parameters<typeof open>) {
  const { arrangement } = open(...how);
  for (const piece of pieces) arrangement.add(piece);
  const { text: told, isBroken, isArranged } = arrangement;
  return { told, isBroken, isArranged, text: arrangement.finish() };
}

describe("an arrangement", () => {
  it("states the facts in the model's order, joined by its phrases", () => {
    expect(write(["By the latest reading, {C}; {A}. Also, {B}"])).toEqual({
      told: `${OK} By the latest reading, disk / is 61 % full; the CPU is 23 % busy. Also, m${MEMORY}`,
      text: `${OK} By the latest reading, disk / is 61 % full; the CPU is 23 % busy. Also, m${MEMORY}.`,
      isBroken: false,
      isArranged: true,
    });
    expect(
      write(["最新の計測では、{B}さらに、{A}"], [IDLE_CPU, ROOT_DISK], { language: "ja" }).text,
    ).toBe(
      "正常: 確認した項目に、しきい値を外れたものはありません。" +
        "最新の計測では、ディスク/の使用率は61%です。さらに、CPU使用率は23%です。",
    );
  });

  it("says what the model was not told, did not come to or did not say", () => {
    const whole = `${OK} The CPU is 23 % busy. M${MEMORY}. Disk / is 61 % full.`;
    expect(write([]).text).toBe(whole);
    expect(write(["{A}"], CALM, { told: 1 })).toMatchObject({ text: whole, isArranged: true });
    expect(write(["{A}", ", an"])).toMatchObject({
      text: whole,
      isBroken: false,
      isArranged: false,
    });
    expect(write(["{A}", ", and {X}"])).toMatchObject({ text: whole, isBroken: true });
  });

  it("has the worst first, and phrases that go with how severe the facts are", () => {
    const trouble = [BUSY_CPU, FULL_MEMORY, ROOT_DISK];
    expect(write(["{A}. Less urgently, {B}, while {C}"], trouble).text).toBe(
      "CRITICAL because of the CPU. The CPU is 97 % busy, above 95 %. Less urgently, memory is 88 % " +
        "used (21.1 GB of 24.0 GB), above 85 %, while disk / is 61 % full.",
    );
    for (const [text, findings] of [
      ["{B}", trouble],
      ["{A}, while {B}", trouble],
      ["{A}. Less urgently, {B}", [BUSY_CPU, DATA_DISK]],
      ["{A}. Less urgently, {B}", [BUSY_CPU, ROOT_DISK]],
      ["{A}, while {B}", CALM],
      ["{A}, and {B}, and {C}", CALM],
    ] as const) {
      expect([text, write([text], findings).isBroken]).toEqual([text, true]);
    }
  });

  it("drops what comes after all facts, and after its end", () => {
    const { arrangement } = open();
    arrangement.add("{A}, and {B}; {C} and {A} is 99 %");
    expect([arrangement.isArranged, arrangement.isBroken]).toEqual([true, false]);
    const text = arrangement.finish();
    arrangement.add("{A}");
    expect([arrangement.finish(), arrangement.isFinished]).toEqual([text, true]);
    expect(text).toBe(`${OK} The CPU is 23 % busy, and m${MEMORY}; disk / is 61 % full.`);
  });

  it("says of findings beyond the strategy's only whether they are at a limit", () => {
    const strategy = STRATEGY.speed;
    expect(write([], [DATA_DISK, IDLE_CPU, ROOT_DISK], { strategy, told: 0 }).text).toMatch(
      /busy\. Nothing else looked at is at a limit\.$/,
    );
    expect(write([], [DATA_DISK, BUSY_CPU, FULL_MEMORY], { strategy, told: 0 }).text).toMatch(
      /above 95 %\. More is at a limit, as the findings tell\.$/,
    );
  });

  it("says the same however the pieces are cut", () => {
    const part = fc.constantFrom(
      "{A}",
      "{B}",
      "{C}",
      ", and ",
      "; ",
      ". Also, ",
      "{",
      "}",
      "x",
      "",
    );
    const cuts = fc.infiniteStream(fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), cuts, (parts, lengths) => {
        const text = parts.join("");
        const pieces: string[] = [];
        for (let rest = text; rest !== ""; rest = rest.slice(pieces.at(-1)!.length)) {
          pieces.push(rest.slice(0, lengths.next().value));
        }
        expect(write(pieces)).toEqual(write([text]));
      }),
    );
  });
});

describe("what a model may write", () => {
  it("is one rule a place in GBNF", () => {
    expect(toGbnf(open([BUSY_CPU, ROOT_DISK]).grammar)).toBe(
      'root ::= "{A}" place-1 | "By the latest reading, {A}" place-1\n' +
        'place-1 ::= ", while {B}" | ". Apart from that, {B}"',
    );
  });

  it("has no digit, comes to an end with every fact said once, and is clear at each place", () => {
    fc.assert(
      fc.property(
        fc.subarray([BUSY_CPU, DATA_DISK, FULL_MEMORY, ...OK_FINDINGS.slice(3)], {
          minLength: 1,
          maxLength: 5,
        }),
        fc.constantFrom(...LANGUAGES),
        fc.infiniteStream(fc.nat()),
        (findings, language, picks) => {
          const { arrangement, grammar } = open(findings, { language });
          for (const choices of grammar) {
            for (const { text } of choices) {
              expect(text).not.toMatch(/\p{N}/u);
              const others = choices.filter((other) => other.text !== text);
              expect(others.some((other) => other.text.startsWith(text))).toBe(false);
            }
            expect(new Set(choices.map(({ text }) => text)).size).toBe(choices.length);
          }
          for (let place: number | undefined = 0; place !== undefined;) {
            const choices: (typeof grammar)[number] = grammar[place]!;
            const choice = choices[picks.next().value % choices.length]!;
            arrangement.add(choice.text);
            place = choice.next;
          }
          expect([arrangement.isArranged, arrangement.placed]).toEqual([true, findings.length]);
          const text = arrangement.finish();
          for (const { text: fact } of findings) {
            expect(text.split(fact[language].slice(1, -1))).toHaveLength(2);
          }
        },
      ),
    );
  });
});
