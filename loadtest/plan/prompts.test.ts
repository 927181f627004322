import { describe, expect, it } from "@jest/globals";
import { readTexts } from "./messages.ts";
import { promptAt, readPromptFile } from "./prompts.ts";

const letters = [..."abcdefghijklmnopqrstuvwxyz"];
const TEXTS = readTexts([
  `label\ttext\n${letters.map((letter) => `1\t${letter}ne ${letter}wo ${letter}hree ${letter}our`).join("\n")}`,
]);
const LOAD = { inputTokens: 100, spread: "fixed", sharedPrefix: 0, charactersPerToken: 4 } as const;

const contentAt = (number: number, change = {}) =>
  String(promptAt(number, number, { ...LOAD, ...change }, TEXTS)[0]!.content);

describe("a prompt", () => {
  it("is as long as asked, and another for each number from its first character on", () => {
    const all = Array.from({ length: 300 }, (_, number) => contentAt(number));
    expect(new Set(all.map((text) => text.slice(0, 6))).size).toBe(all.length);
    for (const text of all) expect(Math.abs(text.length - 400)).toBeLessThan(20);
    expect(contentAt(7)).toBe(contentAt(7));
    expect(contentAt(123_456_789)).toContain("[123456789]");
  });

  it("begins like all others as far as it is told to", () => {
    const [one, two] = [contentAt(1, { sharedPrefix: 0.5 }), contentAt(2, { sharedPrefix: 0.5 })];
    const common = [...one].findIndex((letter, i) => letter !== two[i]);
    expect(common).toBeGreaterThan(180);
    expect(common).toBeLessThan(210);
    expect(contentAt(1, { sharedPrefix: 1 })).toBe(contentAt(2, { sharedPrefix: 1 }));
  });
});

describe("a file of prompts", () => {
  it("is read in three shapes, and an answer at the end is left out", () => {
    const { prompts, leftOut } = readPromptFile(
      [
        '{"conversations":[{"from":"system","value":"s"},{"from":"human","value":"hi"},{"from":"gpt","value":"x"}]}',
        "",
        '{"messages":[{"role":"system","content":"s"},{"role":"user","content":"u"},{"role":"assistant","content":"a"}]}',
        '{"prompt":"p"}\r',
      ].join("\n"),
    );
    expect(leftOut).toEqual([]);
    expect(prompts).toEqual([
      [{ role: "user", content: "hi" }],
      [
        { role: "system", content: "s" },
        { role: "user", content: "u" },
      ],
      [{ role: "user", content: "p" }],
    ]);
  });

  it.each([
    ["{", "no JSON"],
    ["[]", "an array"],
    ["3", "no object"],
    ["{}", "neither"],
    ['{"prompt":" "}', "neither"],
    ['{"messages":[{"role":"user"}]}', "without content"],
    ['{"messages":[{"role":"assistant","content":"a"}]}', "no message but answers"],
    ['{"conversations":[{"from":"gpt","value":"x"}]}', "no turn of a human"],
    ['{"conversations":[null]}', "no turn of a human"],
  ])("names a line that holds none by its number: %s", (line, why) => {
    expect(readPromptFile(`{"prompt":"p"}\n${line}`)).toMatchObject({
      prompts: [{}],
      leftOut: [{ line: 2, why: expect.stringContaining(why) }],
    });
  });
});
