import { describe, expect, it } from "@jest/globals";
import { spelledNumbers } from "./spelled-numbers.ts";

describe("numbers in words", () => {
  it.each([
    ["Two disks are half full.", ["Two", "half"]],
    ["It has doubled", []],
    ["twice as much", ["twice"]],
    ["one of them, someone, tense, often", []],
    ["The CPU is 23 % busy.", []],
  ])("are found in English: %j", (text, words) => {
    expect(spelledNumbers(text, "en")).toEqual(words);
  });

  it.each([
    ["使用率は二十三%です。", ["二十三"]],
    ["ディスクが三台あります。", ["三"]],
    ["半分です。", ["半分"]],
    ["十分な空きがあります。", ["十"]],
    ["一般に問題ありません。", []],
  ])("are found in Japanese: %j", (text, words) => {
    expect(spelledNumbers(text, "ja")).toEqual(words);
  });
});
