import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { seriesMatcher } from "./resolve-limits.ts";

describe("seriesMatcher", () => {
  it("matches a name exactly", () => {
    const { matches, problem } = seriesMatcher("Memory (a.b)");
    expect(matches("Memory (a.b)")).toBe(true);
    expect(matches("Memory (a.b) 2")).toBe(false);
    expect(matches("memory (a.b)")).toBe(false);
    expect(problem).toBeUndefined();
  });

  it("matches a pattern between slashes with its flags", () => {
    expect(seriesMatcher("/^mem/").matches("memory")).toBe(true);
    expect(seriesMatcher("/^mem/").matches("Memory")).toBe(false);
    expect(seriesMatcher("/^mem/i").matches("Memory")).toBe(true);
  });

  it("does not remember where a global or sticky pattern stopped", () => {
    const { matches } = seriesMatcher("/o/gy");
    expect([matches("oo"), matches("oo"), matches("oo")]).toEqual([true, true, true]);
  });

  it("says what is wrong with a pattern, which then matches nothing", () => {
    const { matches, problem } = seriesMatcher("/(/");
    expect(matches("(")).toBe(false);
    expect(problem).toMatch(/^"\/\(\/" is no pattern: .*Correct it/);
  });

  it("finds a path that looks like a pattern by its exact name", () => {
    expect(seriesMatcher("/dev/sda").matches("/dev/sda")).toBe(true);
    expect(seriesMatcher("/var").matches("/var")).toBe(true);
    expect(seriesMatcher("/var").problem).toBeUndefined();
  });

  it("matches nothing when nothing is given", () => {
    expect(seriesMatcher("").matches("")).toBe(false);
    expect(seriesMatcher("").matches("a")).toBe(false);
  });

  it("never throws, and always finds a name by itself", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(seriesMatcher(name).matches(name)).toBe(true);
      }),
    );
  });
});
