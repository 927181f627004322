import { describe, expect, it } from "@jest/globals";
import { fit, type ScreenStream, screenOn } from "./terminal.ts";

const stream = (change: object) =>
  Object.assign(Object.create(process.stdout), change) as ScreenStream;
const terminal = stream({ isTTY: true, columns: 100, getColorDepth: () => 4 });
const file = stream({ isTTY: false, columns: undefined });

describe("the screen behind a stream", () => {
  it.each([
    ["as wide as the terminal", terminal, {}, 100],
    ["as wide as COLUMNS says, also of a file", file, { COLUMNS: "72" }, 72],
    ["without a width where it is a file", file, {}, Infinity],
    ["as wide as the terminal where COLUMNS is no width", terminal, { COLUMNS: "-5" }, 100],
    ["80 columns wide where a terminal does not tell", stream({ isTTY: true, columns: 0 }), {}, 80],
  ])("is %s", (_, on, env, columns) => expect(screenOn(on, env).columns).toBe(columns));
});

describe("fit", () => {
  it("leaves a text alone that fits", () => expect(fit("abc", 4)).toBe("abc"));

  it("cuts by what a terminal shows, also wide letters", () => {
    expect(fit("メモリは正常です。", 10)).toBe("メモリ...");
  });
});
