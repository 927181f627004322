import { describe, expect, it } from "@jest/globals";
import { GENERATED_MARK, GENERATED_WORDS, generatedJson, isGenerated } from "./differences.ts";

describe("isGenerated", () => {
  it("recognises what was generated, with comments and as JSON", () => {
    expect(isGenerated(`${GENERATED_MARK}\ngroups: []\n`)).toBe(true);
    expect(isGenerated(generatedJson({ description: `${GENERATED_WORDS} For a machine.` }))).toBe(
      true,
    );
  });

  it.each(["", "groups: []\n", '{\n  "description": "My own."\n}\n', `# Mine.\n${GENERATED_MARK}`])(
    "leaves %j to its owner",
    (text) => {
      expect(isGenerated(text)).toBe(false);
    },
  );
});

describe("generatedJson", () => {
  it("keeps everything and puts the description first", () => {
    const value = { title: "x", description: GENERATED_WORDS, list: [1] };
    const text = generatedJson(value);
    expect(JSON.parse(text)).toEqual(value);
    expect(Object.keys(JSON.parse(text) as object)[0]).toBe("description");
  });

  it("refuses what could not be recognised again", () => {
    expect(() => generatedJson({ description: "mine" })).toThrow(GENERATED_WORDS);
    expect(() => generatedJson({})).toThrow(GENERATED_WORDS);
  });
});
