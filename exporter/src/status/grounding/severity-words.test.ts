import { describe, expect, it } from "@jest/globals";
import type { FindingSeverity } from "../findings/finding.ts";
import { LANGUAGES } from "../../language.ts";
import { BUSY_CPU, FULL_MEMORY, IDLE_CPU } from "../testing/example-findings.ts";
import { verdictOn } from "../verdict.ts";
import { judgementsIn } from "./severity-words.ts";

const allowed = (text: string, language: "en" | "ja") =>
  judgementsIn(text, language).map(({ allows }) => allows.join(" "));

describe("a judgement", () => {
  it.each([
    ["All is normal.", ["ok"]],
    ["Memory is a warning.", ["warning"]],
    ["The disk is critically full.", ["critical"]],
    ["There is a problem.", ["warning critical"]],
    ["The CPU is not normal.", ["warning critical"]],
    ["This is not critical.", ["ok warning"]],
    ["There are no serious problems.", ["ok warning"]],
    ["There are no critical issues.", ["ok warning"]],
    ["There are no disk problems.", ["ok"]],
    ["There are no warnings.", ["ok"]],
    ["It is within its limits.", ["ok"]],
    ["The disk is too full.", ["warning critical"]],
    ["It runs at maximum capacity.", ["critical"]],
    ["Memory is fine, the disk is critical.", ["ok", "critical"]],
    ["The CPU is 23 % busy.", []],
    ["The okapi workload is abnormally", []],
  ])("in English: %j", (text, allows) => {
    expect(allowed(text, "en")).toEqual(allows);
  });

  it.each([
    ["すべて正常です。", ["ok"]],
    ["警告が出ています。", ["warning"]],
    ["危険な状態です。", ["critical"]],
    ["問題があります。", ["warning critical"]],
    ["問題はありません。", ["ok"]],
    ["正常ではありません。", ["warning critical"]],
    ["緊急の問題はありません。", ["ok warning"]],
    ["重大な異常はなく、安定しています。", ["ok warning", "ok"]],
    ["危険な状態ではありません。", ["ok warning"]],
    ["重大: CPUに問題があります。", ["critical", "warning critical"]],
    ["CPU使用率は23%です。", []],
  ])("in Japanese: %j", (text, allows) => {
    expect(allowed(text, "ja")).toEqual(allows);
  });

  it("stands where it is written", () => {
    expect(judgementsIn("Memory is fine, the disk is critical.", "en")).toMatchObject([
      { index: 10 },
      { index: 28 },
    ]);
  });

  it.each(LANGUAGES)("of our own verdicts in %s allows what they are about", (language) => {
    const states: [FindingSeverity, Parameters<typeof verdictOn>[0]][] = [
      ["ok", [IDLE_CPU]],
      ["warning", [FULL_MEMORY]],
      ["critical", [BUSY_CPU]],
    ];
    for (const [severity, findings] of states) {
      const judgements = judgementsIn(verdictOn(findings, language), language);
      expect(judgements.length).toBeGreaterThan(0);
      expect(judgements.every(({ allows }) => allows.includes(severity))).toBe(true);
    }
  });
});
