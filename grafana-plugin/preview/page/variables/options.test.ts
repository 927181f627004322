import { describe, expect, it } from "@jest/globals";
import { customOptions, optionsFrom } from "./options.ts";

const values = (options: readonly { readonly value: string }[]) =>
  options.map(({ value }) => value);

describe("optionsFrom", () => {
  it("keeps each text once", () => {
    expect(optionsFrom(["b", "a", "b"])).toEqual([
      { text: "b", value: "b" },
      { text: "a", value: "a" },
    ]);
  });

  it("takes what the pattern's group matches, and drops the rest", () => {
    expect(values(optionsFrom(["host-1", "other", "HOST-2"], "/host-(\\d)/i"))).toEqual(["1", "2"]);
  });

  it("takes text and value from named groups", () => {
    expect(
      optionsFrom(['up{a="x", b="y"} 1 2'], '/a="(?<value>[^"]+).*b="(?<text>[^"]+)/'),
    ).toEqual([{ text: "y", value: "x" }]);
  });

  it("sorts as the dashboard says", () => {
    const texts = ["b10", "B2", "a"];
    const sorted = (sort: number) => values(optionsFrom(texts, "", sort));
    expect(sorted(0)).toEqual(texts);
    expect(sorted(1)).toEqual(["B2", "a", "b10"]);
    expect(sorted(2)).toEqual(["b10", "a", "B2"]);
    expect(sorted(3)).toEqual(["a", "B2", "b10"]);
    expect(sorted(5)).toEqual(["a", "b10", "B2"]);
    expect(sorted(7)).toEqual(["a", "B2", "b10"]);
  });
});

describe("customOptions", () => {
  it("reads values, texts and commas that separate nothing", () => {
    expect(customOptions("1m, five : 5m,a\\,b,")).toEqual([
      { text: "1m", value: "1m" },
      { text: "five", value: "5m" },
      { text: "a,b", value: "a,b" },
    ]);
    expect(customOptions("")).toEqual([]);
  });
});
