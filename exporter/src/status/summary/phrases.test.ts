import { describe, expect, it } from "@jest/globals";
import { LANGUAGES, type Language } from "../../language.ts";
import type { Finding, FindingSeverity } from "../findings/finding.ts";
import * as example from "../testing/example-findings.ts";
import { closingOf, everyJoint, jointsBetween, nothingToSay, verdictOn } from "./phrases.ts";

const { BUSY_CPU, DATA_DISK, FULL_MEMORY, IDLE_CPU, OK_FINDINGS, ROOT_DISK } = example;
const FULL_SWAP: Finding = { ...BUSY_CPU, kind: "swap" };

describe("a verdict", () => {
  it.each<[Language, string, readonly Finding[]]>([
    ["en", "OK: nothing looked at is at a limit.", OK_FINDINGS],
    ["en", "WARNING because of memory.", [FULL_MEMORY, IDLE_CPU]],
    ["en", "CRITICAL because of the CPU.", [BUSY_CPU, FULL_MEMORY, ROOT_DISK]],
    ["en", "CRITICAL because of the CPU and disk /data2.", [BUSY_CPU, DATA_DISK, FULL_MEMORY]],
    ["en", "CRITICAL because of the CPU and disk /data2.", [BUSY_CPU, DATA_DISK, FULL_SWAP]],
    ["en", "CRITICAL because of the CPU.", [BUSY_CPU, BUSY_CPU]],
    ["ja", "正常: 確認した項目に、しきい値を外れたものはありません。", OK_FINDINGS],
    ["ja", "警告: メモリに注意が必要です。", [FULL_MEMORY, IDLE_CPU]],
    ["ja", "重大: CPUとディスク/data2に問題があります。", [BUSY_CPU, DATA_DISK]],
  ])("in %s is: %s", (language, verdict, findings) => {
    expect(verdictOn(findings, language)).toBe(verdict);
  });

  it("names a resource as it is called, also when its name means something to a replacement", () => {
    const odd: Finding = { ...DATA_DISK, subject: "/$&{}" };
    expect(verdictOn([odd], "en")).toBe("CRITICAL because of disk /$&{}.");
  });
});

describe("what joins two facts", () => {
  it("tells that the next is less severe only when it is", () => {
    const told = (before: FindingSeverity, severity: FindingSeverity) =>
      jointsBetween(before, severity, "en").join();
    expect(told("critical", "warning")).toContain("Less urgently");
    expect(told("critical", "ok")).not.toContain("urgent");
    expect(told("warning", "warning")).not.toContain("urgent");
    expect(told("ok", "ok")).not.toMatch(/while|Apart/);
    expect(jointsBetween("warning", "ok", "ja")).toContain("一方、");
    expect(jointsBetween("ok", "ok", "ja")).not.toContain("一方、");
  });

  it.each(LANGUAGES)("has no digit and no brace, in %s", (language) => {
    expect(everyJoint(language).length).toBeGreaterThan(3);
    for (const joint of everyJoint(language)) expect(joint).not.toMatch(/[\p{N}{}]/u);
  });
});

describe("the end of a summary", () => {
  const end = (findings: readonly Finding[], unsaid: readonly Finding[], isComplete = true) =>
    closingOf(findings, unsaid, isComplete, "en");

  it("says that the rest is not at a limit, where the verdict does not say it", () => {
    expect(end([BUSY_CPU, ROOT_DISK], [ROOT_DISK])).toEqual([
      "Nothing else looked at is at a limit.",
    ]);
    expect(end([IDLE_CPU, ROOT_DISK], [ROOT_DISK])).toEqual([]);
    expect(end([BUSY_CPU], [])).toEqual([]);
  });

  it("says that there is more trouble, and that something could not be read", () => {
    expect(end([BUSY_CPU, FULL_MEMORY], [FULL_MEMORY], false)).toEqual([
      "More is at a limit, as the findings tell.",
      "Not everything could be read.",
    ]);
  });
});

it("without findings, nothing to report is not the same as nothing that could be read", () => {
  expect(nothingToSay(true, "en")).toBe("There is nothing to report.");
  expect(nothingToSay(false, "en")).toBe("What was asked about could not be read.");
  expect(nothingToSay(false, "ja")).toBe("対象を読み取れませんでした。");
});
