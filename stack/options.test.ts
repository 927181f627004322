import { afterEach, describe, expect, it } from "@jest/globals";
import { Command } from "commander";
import fc from "fast-check";
import { addServerOptions, parseDuration } from "./options.ts";

describe("the options of a model server", () => {
  const variables = ["HEADROOM_UPSTREAM_URL", "HEADROOM_LIMITS_FILE"];
  afterEach(() => variables.forEach((name) => delete process.env[name]));
  const parse = (...args: string[]) =>
    addServerOptions(new Command()).parse(args, { from: "user" }).opts();

  it("are those of the environment where nothing is typed, and an empty variable is none", () => {
    for (const name of variables) process.env[name] = "";
    expect(parse()).toEqual({});
    process.env["HEADROOM_UPSTREAM_URL"] = "http://127.0.0.1:1";
    process.env["HEADROOM_LIMITS_FILE"] = import.meta.filename;
    const limits = import.meta.filename;
    expect(parse()).toEqual({ upstream: "http://127.0.0.1:1", limits });
    expect(parse("--upstream", "http://127.0.0.1:2")["upstream"]).toBe("http://127.0.0.1:2");
  });
});

describe("parseDuration", () => {
  it.each([
    ["30s", 30],
    ["2m", 120],
    ["1m30s", 90],
    ["1h", 3600],
    ["45", 45],
    [" 10s ", 10],
  ])("reads %s", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(["", "s", "0s", "-5s", "1.5m", "30 s", "10ms", "2m1h", "99h", "1e3"])(
    "refuses %j and says what is allowed",
    (text) => {
      expect(() => parseDuration(text)).toThrow(/30s, 2m or 1m30s/);
    },
  );

  it("reads what it would itself write", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 1, max: 59 }), (h, m) => {
        expect(parseDuration(`${h}h${m}m${m}s`)).toBe(h * 3600 + m * 61);
      }),
    );
  });
});
