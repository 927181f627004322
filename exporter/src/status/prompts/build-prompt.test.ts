import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { findingsOf } from "../findings/findings-of.ts";
import { CALM_MACHINE } from "../findings/testing/snapshots.ts";
import { ungroundedParts } from "../grounding/ground.ts";
import { LANGUAGES } from "../../language.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../scenarios/index.ts";
import * as example from "../testing/example-findings.ts";
import { verdictOn } from "../verdict.ts";
import { buildPrompt, warmUpPrompt } from "./build-prompt.ts";

const { DATA_DISK, FREE_MEMORY, FULL_MEMORY, IDLE_CPU, OK_FINDINGS, exampleFinding } = example;
const QUICK = SCENARIOS["quick-status"];

describe("a prompt", () => {
  it("asks the question, lists the facts, and gives the verdict", () => {
    expect(buildPrompt(QUICK, [DATA_DISK, IDLE_CPU], "en").ask).toBe(
      "Question: How is this machine?\nFacts:\n" +
        "- Disk /data2 is 96 % full, above 95 %.\n- The CPU is 23 % busy.\n" +
        "Verdict: CRITICAL because of disk /data2.",
    );
    expect(buildPrompt(QUICK, [IDLE_CPU], "ja").ask).toBe(
      "質問: このマシンの状態はどうですか?\n事実:\n- CPU使用率は23%です。\n" +
        "判定: 正常: しきい値を超えた項目はありません。",
    );
  });

  it("leaves out what stands in brackets, which says the same in other figures", () => {
    expect(buildPrompt(QUICK, [FREE_MEMORY], "en").ask).toContain("- Memory is 45 % used.\n");
    expect(buildPrompt(QUICK, [FULL_MEMORY], "ja").ask).toContain(
      "- メモリ使用率は88%で、しきい値の85%を超えています。\n",
    );
  });

  it("keeps the brackets of a name", () => {
    const disk = exampleFinding(
      "disk",
      "ok",
      [],
      {
        en: "Disk /Volumes/Old (2) is 61 % full (305 GB of 500 GB).",
        ja: "ディスク /Volumes/Old (2) の使用率は61%(500 GB中305 GB)です。",
      },
      { subject: "/Volumes/Old (2)" },
    );
    const facts = LANGUAGES.map(
      (language) => /^- .+$/m.exec(buildPrompt(QUICK, [disk], language).ask)?.[0],
    );
    expect(facts).toEqual([
      "- Disk /Volumes/Old (2) is 61 % full.",
      "- ディスク /Volumes/Old (2) の使用率は61%です。",
    ]);
  });

  it("begins the answer with the verdict on what the model is told, and the first name", () => {
    fc.assert(
      fc.property(
        fc.subarray([...OK_FINDINGS, DATA_DISK, FULL_MEMORY], { minLength: 1 }),
        fc.constantFrom(...LANGUAGES),
        fc.constantFrom(...SCENARIO_NAMES),
        (told, language, name) => {
          const { begin, ask } = buildPrompt(SCENARIOS[name], told, language);
          const verdict = verdictOn(told, language);
          expect(begin.startsWith(verdict)).toBe(true);
          expect(begin.slice(verdict.length).endsWith(told[0]!.subject)).toBe(true);
          expect(ask.endsWith(verdict)).toBe(true);
          expect(ask.split("\n- ")).toHaveLength(1 + told.length);
        },
      ),
    );
  });

  it.each(LANGUAGES)("has the same instructions for every question in %s", (language) => {
    const { system, examples } = warmUpPrompt(language);
    for (const name of SCENARIO_NAMES) {
      expect(buildPrompt(SCENARIOS[name], OK_FINDINGS, language)).toMatchObject({
        system,
        examples,
      });
    }
  });

  it("has other instructions in another language", () => {
    expect(warmUpPrompt("ja").system).not.toBe(warmUpPrompt("en").system);
  });
});

describe.each(LANGUAGES)("the examples in %s", (language) => {
  const { examples } = warmUpPrompt(language);
  const lines = ({ ask }: (typeof examples)[number]) => ask.split("\n");

  it("look like real questions", () => {
    const headings = lines({ ask: buildPrompt(QUICK, [], language).ask, answer: "" });
    for (const each of examples) {
      const [question, facts, ...rest] = lines(each);
      expect(question!.split(":")[0]).toBe(headings[0]!.split(":")[0]);
      expect(facts).toBe(headings[1]);
      expect(rest.at(-1)!.split(":")[0]).toBe(headings.at(-1)!.split(":")[0]);
      expect(rest.slice(0, -1).every((line) => line.startsWith("- "))).toBe(true);
    }
  });

  it("answer with the verdict first and with all figures of the facts, and no others", () => {
    for (const each of examples) {
      const facts = lines(each).filter((line) => line.startsWith("- "));
      const verdict = lines(each)
        .at(-1)!
        .replace(/^.+?: /, "");
      const figures = (text: string) => text.match(/\d+/g)?.sort();
      expect(each.answer.startsWith(verdict)).toBe(true);
      expect(figures(each.answer)).toEqual(figures(facts.join("\n")));
    }
  });

  it("are about things that no machine has, so that words copied from them are noticed", () => {
    const findings = findingsOf(CALM_MACHINE);
    for (const { answer } of examples) {
      expect(ungroundedParts(answer, findings, language)).toContain("number");
    }
  });
});
