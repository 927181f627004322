import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sentenceEnds, sentencesOf, wholeSentences, withoutRepetition } from "./sentences.ts";

const anyText = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .array(fc.constantFrom("A", " ", ".", "10.8 GB", "!", "。", "メモリ", "？", "\n"))
    .map((parts) => parts.join("")),
);

describe("whole sentences", () => {
  it.each([
    ["The CPU is 23 % busy. Memory is 45 %", "The CPU is 23 % busy."],
    ["10.8 GB are used. Of 24.", "10.8 GB are used. Of 24."],
    ["Memory holds 10.8 GB", ""],
    ["Is it well? It is! And", "Is it well? It is!"],
    ["Disk /data.old is full. Disk", "Disk /data.old is full."],
    ["CPU使用率は23%です。メモリ使用率は", "CPU使用率は23%です。"],
    ["大丈夫ですか？はい！それで", "大丈夫ですか？はい！"],
    ["使用量は10.8 GB", ""],
    ["", ""],
  ])("of %j are %j", (text, whole) => {
    expect(wholeSentences(text)).toBe(whole);
  });
});

describe("the sentences of a text", () => {
  it.each<[string, readonly string[]]>([
    ["10.8 GB are used.\nThat is 45 %.", ["10.8 GB are used.", "That is 45 %."]],
    ["One. Two", ["One.", "Two"]],
    ["使用率は45.5%です。問題はありません。", ["使用率は45.5%です。", "問題はありません。"]],
    ["Good!!! Very", ["Good!!!", "Very"]],
    [" \n", []],
  ])("of %j are %j", (text, sentences) => {
    expect(sentencesOf(text)).toEqual(sentences);
  });

  it("are all of it, except for space", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const plain = (part: string) => part.replace(/\s/gu, "");
        expect(plain(sentencesOf(text).join(""))).toBe(plain(text));
      }),
    );
  });

  it("end in order, within the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const ends = sentenceEnds(text);
        expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
        expect(ends.every((end) => end > 0 && end <= text.length)).toBe(true);
      }),
    );
  });
});

describe("a text without repetition", () => {
  it.each([
    ["One. Two. One. Three.", "One. Two."],
    ["One. ONE.", "One."],
    ["使用率は45%です。使用率は４５％です。", "使用率は45%です。"],
    ["One. Two.", "One. Two."],
    ["One. One", "One. One"],
    ["Good!!", "Good!!"],
  ])("of %j is %j", (text, without) => {
    expect(withoutRepetition(text)).toBe(without);
  });

  it("begins as the text does, has no sentence twice, and has none to lose", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const without = withoutRepetition(text);
        const plain = sentencesOf(without).map((one) => one.normalize("NFKC").toLowerCase());
        expect(text.startsWith(without)).toBe(true);
        expect(new Set(plain).size).toBe(plain.length);
        expect(withoutRepetition(without)).toBe(without);
      }),
    );
  });
});
