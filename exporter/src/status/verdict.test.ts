import { describe, expect, it } from "@jest/globals";
import type { Finding } from "./findings/finding.ts";
import type { Language } from "../language.ts";
import * as example from "./testing/example-findings.ts";
import { statementOf, verdictOn } from "./verdict.ts";

const { BUSY_CPU, DATA_DISK, FREE_MEMORY, FULL_MEMORY, IDLE_CPU, OK_FINDINGS, ROOT_DISK } = example;
const FULL_SWAP: Finding = { ...BUSY_CPU, kind: "swap" };

describe("a verdict", () => {
  it.each<[Language, string, readonly Finding[]]>([
    ["en", "OK: nothing is at a limit.", OK_FINDINGS],
    ["en", "WARNING because of memory.", [FULL_MEMORY, IDLE_CPU]],
    ["en", "CRITICAL because of the CPU.", [BUSY_CPU, FULL_MEMORY, ROOT_DISK]],
    ["en", "CRITICAL because of the CPU and disk /data2.", [BUSY_CPU, DATA_DISK, FULL_MEMORY]],
    ["en", "CRITICAL because of the CPU and disk /data2.", [BUSY_CPU, DATA_DISK, FULL_SWAP]],
    ["en", "CRITICAL because of the CPU.", [BUSY_CPU, BUSY_CPU]],
    ["ja", "正常: しきい値を超えた項目はありません。", OK_FINDINGS],
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

describe("a statement", () => {
  it("is the verdict and the sentences of the findings, at most as many as are asked for", () => {
    expect(statementOf([FULL_MEMORY, IDLE_CPU, ROOT_DISK], "en", 2)).toBe(
      "WARNING because of memory. Memory is 88 % used (21.1 GB of 24.0 GB), above 85 %. " +
        "The CPU is 23 % busy.",
    );
  });

  it("has no spaces between Japanese sentences", () => {
    expect(statementOf([IDLE_CPU, FREE_MEMORY], "ja", 5)).toBe(
      "正常: しきい値を超えた項目はありません。CPU使用率は23%です。" +
        "メモリ使用率は45%(24.0 GB中10.8 GB)です。",
    );
  });

  it("says so when there is nothing to say, and does not call that ok", () => {
    expect(statementOf([], "en", 3)).toBe("There is nothing to report.");
    expect(statementOf([], "ja", 3)).toBe("報告する項目はありません。");
  });
});
