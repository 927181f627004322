import { describe, expect, it } from "@jest/globals";
import { CHAT_MODELS } from "./catalogue.ts";
import { adviseOnModel } from "./model-advice.ts";

const GOOD = { languages: ["en", "ja"], text: "", memoryBytes: 16e9 } as const;

describe("advice on the chat model", () => {
  it("is not needed when the model speaks every language", () => {
    expect(adviseOnModel(GOOD)).toEqual([]);
  });

  it("names a model that speaks the missing language and fits the machine", () => {
    const [advice] = adviseOnModel({ ...GOOD, languages: ["en"], memoryBytes: 8.6e9 });
    expect(advice).toMatchObject({ code: "language_not_spoken", severity: "info" });
    const named = CHAT_MODELS.find(({ id }) => advice!.what.includes(`HEADROOM_CHAT_MODEL=${id};`));
    expect(named!.languages).toContain("ja");
    expect(named!.leastMemoryBytes).toBeLessThanOrEqual(8.6e9);
  });

  it("names none where none fits", () => {
    const [advice] = adviseOnModel({ ...GOOD, languages: ["en"], memoryBytes: 2e9 });
    expect(advice!.what).toContain("a model that speaks it");
  });

  it("says what to do when there is no model", () => {
    const [advice] = adviseOnModel({ ...GOOD, languages: undefined, text: "Fetch it." });
    expect(advice).toMatchObject({ code: "no_chat_model", what: "Fetch it." });
  });
});
