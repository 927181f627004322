import { describe, expect, it } from "@jest/globals";
import { isNewEnough, parseVersion } from "./version.ts";

describe("parseVersion", () => {
  it.each([
    ["k6 v2.2.0 (go1.26.8, linux/amd64)", [2, 2]],
    ["prometheus, version 2.42.0+ds (branch: debian/sid)", [2, 42]],
    ["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0", [7, 0]],
    ["go version go1.26.8 linux/amd64", [1, 26]],
    ["promtool, version  (branch: , revision: unknown)", undefined],
  ])("reads %j", (text, version) => {
    expect(parseVersion(text)).toEqual(version);
  });
});

describe("isNewEnough", () => {
  it.each([
    [[2, 0], true],
    [[1, 99], false],
    [[3, 0], true],
    [[2, 1], true],
  ] as const)("compares %j with 2.0", (version, expected) => {
    expect(isNewEnough(version, [2, 0])).toBe(expected);
  });
});
