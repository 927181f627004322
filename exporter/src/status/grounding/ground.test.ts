import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Finding } from "../findings/finding.ts";
import type { Language } from "../../language.ts";
import * as example from "../testing/example-findings.ts";
import { statementOf } from "../verdict.ts";
import { ungroundedParts } from "./ground.ts";

const { IDLE_CPU, BUSY_CPU, FREE_MEMORY, FULL_MEMORY, ROOT_DISK, DATA_DISK } = example;
const OK = [IDLE_CPU, FREE_MEMORY, ROOT_DISK];
const BAD = [BUSY_CPU, FULL_MEMORY, ROOT_DISK];

const english = (summary: string, findings: readonly Finding[]) =>
  ungroundedParts(summary, findings, "en");
const japanese = (summary: string, findings: readonly Finding[]) =>
  ungroundedParts(summary, findings, "ja");

describe("a grounded summary", () => {
  it.each<[string, readonly Finding[]]>([
    ["OK: nothing is at a limit. The CPU is 23 % busy. Memory is 45 % used.", OK],
    ["The processor is at 23.1% and 10.8 GB of memory are used, so all is normal.", OK],
    ["The CPU is ２３％ busy.", OK],
    ["23 % of the CPU and 45 percent of the memory are in use.", OK],
    ["CRITICAL because of the CPU: it is 97 % busy, above 95 %.", BAD],
    ["CPU is critical at 97 %; memory is a warning at 88 %, but disk / is fine at 61 %.", BAD],
    ["Process node uses 45 % of the CPU and 460 MB of memory.", example.OK_FINDINGS],
    ["132 processes run, and node takes 460 MB.", example.OK_FINDINGS],
    ["Interface eth0 receives 1.2 MB/s and sends 300 kB/s.", [example.INTERFACE]],
    ["The machine has been up for 3 days and 4 hours.", [example.UPTIME]],
    ["It has been up for 76 hours.", [example.UPTIME]],
    [
      "CRITICAL because of disk /data2. Disk /data2 is 96 % full. Disk / is 61 % full.",
      [DATA_DISK, ROOT_DISK],
    ],
  ])("passes: %s", (summary, findings) => {
    expect(english(summary, findings)).toEqual([]);
  });

  it.each<[string, readonly Finding[]]>([
    ["正常: しきい値を超えた項目はありません。CPU使用率は２３％、メモリ使用率は45%です。", OK],
    ["重大: CPUに問題があります。CPU使用率は97%で、しきい値の95%を超えています。", BAD],
    ["プロセスnodeは460 MBを使用しています。", [example.NODE_MEMORY]],
    ["稼働時間は3日4時間です。", [example.UPTIME]],
  ])("passes in Japanese: %s", (summary, findings) => {
    expect(japanese(summary, findings)).toEqual([]);
  });

  it("is what the findings say themselves, in every language", () => {
    const all = [...example.OK_FINDINGS, BUSY_CPU, FULL_MEMORY, DATA_DISK];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...all), {
          minLength: 1,
          selector: ({ kind, subject }) => kind + subject,
        }),
        fc.constantFrom<Language>("en", "ja"),
        (findings, language) => {
          const summary = statementOf(findings, language, findings.length);
          expect({ summary, parts: ungroundedParts(summary, findings, language) }).toEqual({
            summary,
            parts: [],
          });
        },
      ),
    );
  });
});

describe("a summary that does not hold", () => {
  it.each<[why: string, summary: string, findings: readonly Finding[], part: string]>([
    ["a number from nowhere", "The CPU is 24 % busy.", OK, "number"],
    ["more digits than were measured", "The CPU is 23.9 % busy.", OK, "number"],
    ["another resource's number", "The CPU is 45 % busy.", OK, "number"],
    ["a number before anything is named", "The computer is 23 % busy.", OK, "number"],
    ["a number without its unit", "The CPU is at 23.", OK, "number"],
    ["the wrong unit", "The CPU uses 23 GB.", OK, "number"],
    ["the wrong order of magnitude", "Memory use is 10.8 MB.", OK, "number"],
    ["two numbers swapped", "The CPU is 45 % busy and memory is 23 % used.", OK, "number"],
    [
      "a disk's number on the processor",
      "CRITICAL because of the CPU: it is 61 % full.",
      BAD,
      "number",
    ],
    ["a number in words", "The CPU is half busy.", OK, "number"],
    [
      "one of two disks",
      "The disk is 61 % full.",
      [ROOT_DISK, IDLE_CPU, { ...DATA_DISK, severity: "ok" }],
      "number",
    ],
    ["an unknown process", "Process chrome uses 45 % of a core.", example.OK_FINDINGS, "name"],
    ["an unknown disk", "Disk /var is 61 % full.", OK, "name"],
    ["an unknown interface", "Interface wlan0 is quiet.", [example.INTERFACE], "name"],
    ["a longer name than the known one", "Disk /data2/old is 96 % full.", [DATA_DISK], "name"],
    ["the verdict of another day", "Everything is normal.", BAD, "verdict"],
    ["a false alarm", "The CPU is running at maximum capacity.", OK, "verdict"],
    ["an alarm about the wrong resource", "CRITICAL: the CPU. Disk / is critical.", BAD, "verdict"],
    [
      "a warning called critical",
      "Memory is critical at 88 %.",
      [FULL_MEMORY, IDLE_CPU],
      "verdict",
    ],
    ["a critical state called a warning", "The CPU is a warning at 97 %.", BAD, "verdict"],
    ["a negated verdict", "The CPU is not normal.", OK, "verdict"],
    ["nothing about the worst", "Disk / is 61 % full.", BAD, "cause_left_out"],
    ["the prompt itself", "Facts: - The CPU is 23 % busy.", OK, "debris"],
    ["a template's token", "OK. <|im_end|> The CPU is 23 % busy.", OK, "debris"],
    ["another language", "CPU使用率は23%です。", OK, "language"],
    ["nothing", "  ", OK, "empty"],
  ])("is found: %s", (_why, summary, findings, part) => {
    expect(english(summary, findings)).toContain(part);
  });

  it.each<[summary: string, findings: readonly Finding[], part: string]>([
    ["CPU使用率は45%です。", OK, "number"],
    ["CPU使用率は２４％です。", OK, "number"],
    ["CPU使用率は二十三%です。", OK, "number"],
    ["すべて正常です。", BAD, "verdict"],
    ["CPUは危険な状態です。", OK, "verdict"],
    ["The CPU is 23 % busy.", OK, "language"],
    ["ディスク/varの使用率は61%です。", OK, "name"],
  ])("is found in Japanese: %s", (summary, findings, part) => {
    expect(japanese(summary, findings)).toContain(part);
  });

  it("is found whenever one figure of a true summary is changed", () => {
    const figures = /\d+(?:\.\d+)?/g;
    fc.assert(
      fc.property(fc.constantFrom(...OK), fc.integer({ min: 1, max: 9 }), (finding, step) => {
        const wrong = finding.text.en.replace(figures, (figure) => String(Number(figure) + step));
        expect(english(wrong, [finding])).toContain("number");
      }),
    );
  });

  it("never throws, whatever the text is", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom<Language>("en", "ja"),
        (text, language) => {
          expect(Array.isArray(ungroundedParts(text, example.OK_FINDINGS, language))).toBe(true);
        },
      ),
    );
  });
});
