import { describe, expect, it } from "@jest/globals";
import { LANGUAGES } from "../../language.ts";
import { Arrangement } from "./arrangement.ts";
import { SCENARIO_NAMES, SCENARIOS } from "../scenarios.ts";
import { STRATEGY } from "../answer.ts";
import * as example from "../testing/example-findings.ts";
import { buildPrompt, warmUpPrompt } from "./prompt.ts";

const { DATA_DISK, FREE_MEMORY, FULL_MEMORY, IDLE_CPU, OK_FINDINGS, exampleFinding } = example;
const QUICK = SCENARIOS["quick-status"];

describe("a prompt", () => {
  it("asks the question, and lists the facts by their letters", () => {
    expect(buildPrompt(QUICK, [DATA_DISK, IDLE_CPU], "en").ask).toBe(
      "Question: How is this machine?\nFacts:\n" +
        "{A} Disk /data2 is 96 % full, above 95 %.\n{B} The CPU is 23 % busy.",
    );
    expect(buildPrompt(QUICK, [IDLE_CPU], "ja").ask).toBe(
      "質問: このマシンの状態はどうですか?\n事実:\n{A} CPU使用率は23%です。",
    );
  });

  it("leaves out what stands in brackets, which says the same in other figures", () => {
    expect(buildPrompt(QUICK, [FREE_MEMORY], "en").ask).toContain("{A} Memory is 45 % used.");
    expect(buildPrompt(QUICK, [FULL_MEMORY], "ja").ask).toContain(
      "{A} メモリ使用率は88%で、しきい値の85%を超えています。",
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
      (language) => /^\{A\} .+$/m.exec(buildPrompt(QUICK, [disk], language).ask)?.[0],
    );
    expect(facts).toEqual([
      "{A} Disk /Volumes/Old (2) is 61 % full.",
      "{A} ディスク /Volumes/Old (2) の使用率は61%です。",
    ]);
  });

  it.each(LANGUAGES)("has the same instructions for every scenario in %s", (language) => {
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

  it("look like real questions", () => {
    const [question, facts] = buildPrompt(QUICK, [], language).ask.split("\n");
    for (const { ask } of examples) {
      const [first, second, ...rest] = ask.split("\n");
      expect(first!.split(":")[0]).toBe(question!.split(":")[0]);
      expect(second).toBe(facts);
      expect(rest.every((line, i) => line.startsWith(`{${"ABC"[i]!}} `))).toBe(true);
    }
  });

  it("answer what the grammar allows for such facts", () => {
    for (const { ask, answer } of examples) {
      const facts = ask.split("\n").slice(2);
      const findings = facts.map((fact) => (/below 5|下回って/.test(fact) ? DATA_DISK : IDLE_CPU));
      const strategy = STRATEGY.quality;
      const arrangement = new Arrangement({ findings, isComplete: true, language, strategy });
      arrangement.open(findings.length);
      arrangement.add(answer);
      expect(arrangement.placed).toBe(facts.length);
    }
  });
});
