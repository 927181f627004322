import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { keysOf } from "./key.ts";

const scope = { task: "sentiment", model: "m-1", options: { attribution: "prefix", file: "abc" } };

describe("a cache key", () => {
  const key = keysOf(scope);

  it("never holds the text", () => {
    expect(key("a private message")).toMatch(
      /^headroom:3:sentiment:m-1:attribution=prefix&file=abc:[\w-]{22}$/,
    );
  });

  it("is the same for the same text", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => key(text) === key(text)));
  });

  it("tells normal forms apart, because an answer shows the words as they were written", () => {
    expect(key("caf\u00e9")).not.toBe(key("cafe\u0301"));
  });

  it("differs between texts", () => {
    const texts = fc.uniqueArray(fc.string({ unit: "grapheme" }));
    fc.assert(fc.property(texts, (all) => new Set(all.map(key)).size === all.length));
  });

  it("differs between tasks, models and options, whatever characters these hold", () => {
    const scopes = fc.record({
      task: fc.string(),
      model: fc.string(),
      options: fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }),
    });
    fc.assert(
      fc.property(scopes, scopes, (a, b) => {
        const sorted = (s: typeof a) =>
          JSON.stringify([s.task, s.model, Object.entries(s.options).sort()]);
        return (keysOf(a)("x") === keysOf(b)("x")) === (sorted(a) === sorted(b));
      }),
    );
  });

  it("does not depend on the order of the options", () => {
    const turned = { ...scope, options: { file: "abc", attribution: "prefix" } };
    expect(keysOf(turned)("x")).toBe(key("x"));
  });
});
