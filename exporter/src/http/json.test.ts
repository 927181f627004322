import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { countKeys } from "./json.ts";

function keysOf(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, inner) => sum + keysOf(inner), own);
}

describe("countKeys", () => {
  it("finds every key of any JSON text, however it is spaced", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("", " ", "\n\t"), (value, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(countKeys(text)).toBe(keysOf(JSON.parse(text)));
      }),
    );
  });

  it("counts repeated keys each time", () => {
    expect(countKeys('{"a":1,"a" \n: "a:", "\\"": "\\\\"}')).toBe(3);
  });
});
