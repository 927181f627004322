import { FieldType, type FieldConfig } from "@grafana/data";
import { describe, expect, it } from "@jest/globals";
import { endedWords } from "./ended.ts";

const LAST = Date.UTC(2026, 0, 1, 13, 51, 40);
const NOW = { to: Date.UTC(2026, 0, 1, 14, 20), timeZone: "utc" };
const say = (config: FieldConfig, now = NOW) =>
  endedWords({ name: "Value", type: FieldType.number, config, values: [] }, LAST, now);

describe("endedWords", () => {
  it("says in the words of the option No value since when there is none", () => {
    expect(say({ noValue: "no traffic" })).toBe("no traffic since 13:51");
    expect(say({})).toBe("no value since 13:51");
  });

  it("does not take a sign for a word", () => {
    for (const noValue of ["", "-", "0"]) expect(say({ noValue })).toBe("no value since 13:51");
  });

  it("uses the time zone of the panel, and the date where it is another one", () => {
    expect(say({}, { ...NOW, timeZone: "Asia/Tokyo" })).toBe("no value since 22:51");
    const tomorrow = { ...NOW, to: NOW.to + 86_400_000 };
    expect(say({}, tomorrow)).toBe("no value since 2026-01-01 13:51");
  });
});
