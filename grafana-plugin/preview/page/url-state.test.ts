import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readUrl, writeUrl } from "./url-state.ts";

describe("the page's address", () => {
  it("is read: dashboard, time, refresh, theme and variables", () => {
    expect(
      readUrl(
        "?dashboard=a&from=now-15m&to=now&refresh=5s&theme=light&timezone=utc" +
          "&var-instance=x&var-instance=y",
      ),
    ).toEqual({
      dashboard: "a",
      from: "now-15m",
      to: "now",
      refresh: "5s",
      theme: "light",
      timezone: "utc",
      variables: { instance: ["x", "y"] },
    });
  });

  it("may say nothing, and nonsense about the theme", () => {
    expect(readUrl("")).toEqual({ variables: {} });
    expect(readUrl("?theme=pink").theme).toBeUndefined();
    expect(writeUrl({ variables: {} })).toBe("");
  });

  it("takes any name for that of a variable", () => {
    const { variables } = readUrl("?var-__proto__=x&var-constructor=y");
    expect(Object.entries(variables)).toEqual([
      ["__proto__", ["x"]],
      ["constructor", ["y"]],
    ]);
  });

  it("tells a refresh that is off from one that is not named", () => {
    expect(readUrl("?refresh=").refresh).toBe("");
    expect(readUrl("").refresh).toBeUndefined();
  });

  it("reads back whatever was written", () => {
    const text = fc.string();
    const state = fc.record({
      dashboard: text,
      from: text,
      to: text,
      refresh: text,
      timezone: text,
      theme: fc.constantFrom("light" as const, "dark" as const),
      variables: fc.dictionary(
        fc.stringMatching(/^[a-z]\w*$/),
        fc.array(text, { minLength: 1, maxLength: 3 }),
        { noNullPrototype: true },
      ),
    });
    fc.assert(fc.property(state, (given) => expect(readUrl(writeUrl(given))).toEqual(given)));
  });
});
