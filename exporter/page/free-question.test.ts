import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { SCENARIO_NAMES } from "../src/status/scenarios.ts";
import { understand } from "./free-question.ts";

it.each([
  ["why is it slow?", "detailed-analysis", "why"],
  ["Which app eats my RAM?", "memory-status", "RAM"],
  ["Is my disk full?", "disk-analysis", "disk"],
  ["why is the network slow", "network-status", "network"],
  ["What programs are running?", "process-information", "programs"],
  ["is anything URGENT", "urgent-check", "URGENT"],
  ["Is everything okay?", "overall-health", "okay"],
  ["How's it going?", "quick-status", "How's"],
  ["なぜ遅いの?", "detailed-analysis", "なぜ"],
  ["メモリは足りていますか", "memory-status", "メモリ"],
  ["ﾒﾓﾘ", "memory-status", "メモリ"],
  ["ディスクの空き容量は?", "disk-analysis", "ディスク"],
  ["ネットにつながらない", "network-status", "ネット"],
  ["どのアプリが動いている?", "process-information", "アプリ"],
  ["プロセッサーの負荷", "detailed-analysis", "プロセッサ"],
  ["バッテリーは大丈夫?", "overall-health", "バッテリー"],
])("understands %j as %s, for %j", (question, scenario, word) => {
  expect(understand(question)).toEqual({ scenario, word });
});

it.each(["", "?", "What is the weather?", "Who is king", "明日の天気は"])(
  "says that it does not know what is meant: %j",
  (question) => {
    expect(understand(question)).toBeUndefined();
  },
);

it("chooses one of the eight for a word that was written, or none, whatever is written", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 500 }), (question) => {
      const understood = understand(question);
      if (!understood) return;
      expect(SCENARIO_NAMES).toContain(understood.scenario);
      expect(question.normalize("NFKC")).toContain(understood.word);
    }),
  );
});
