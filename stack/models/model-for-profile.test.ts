import { describe, expect, it } from "@jest/globals";
import { modelForProfile } from "./model-for-profile.ts";

describe("modelForProfile", () => {
  it.each([
    ["throughput", "none"],
    ["smoke", "none"],
    ["status", undefined],
    ["mixed", undefined],
  ])("%s runs with %s", (name, model) => {
    expect(modelForProfile(name)).toBe(model);
  });
});
