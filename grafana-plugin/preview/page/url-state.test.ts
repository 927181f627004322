import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { readUrl, refreshMs, writeUrl } from "./url-state.ts";

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

  it("may say nothing", () => {
    expect(readUrl("")).toEqual({ variables: {} });
    expect(writeUrl({ variables: {} })).toBe("");
  });

  it("says how often to refresh, from a second to a day, or not at all", () => {
    const read = ["1s", "7s", "90m", "24h", ""].map(refreshMs);
    expect(read).toEqual([1_000, 7_000, 5_400_000, 86_400_000, Infinity]);
    // A timer that is asked to wait longer than 24 days does not wait at all.
    for (const text of ["0s", "1ms", "30d", "25h", "99999h", "-5s", "5", "s", "1e3s", "5s; 1s"]) {
      expect([text, refreshMs(text)]).toEqual([text, undefined]);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = refreshMs(text) ?? 1_000;
        expect(ms === Infinity || (ms >= 1_000 && ms <= 86_400_000)).toBe(true);
      }),
    );
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
      theme: text,
      viewPanel: text,
      variables: fc.dictionary(
        fc.stringMatching(/^[a-z]\w*$/),
        fc.array(text, { minLength: 1, maxLength: 3 }),
        { noNullPrototype: true },
      ),
    });
    fc.assert(fc.property(state, (given) => expect(readUrl(writeUrl(given))).toEqual(given)));
  });
});
