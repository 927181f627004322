import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { TOOLS } from "./catalogue.ts";
import { findTool, isNewEnough, parseVersion } from "./find.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-find-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(place: string, output: string, name = "k6"): Promise<string> {
  const file = join(folder, place, name);
  await mkdir(join(folder, place), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho "${output}"\n`, { mode: 0o755 });
  return file;
}

const find = (path: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  findTool(TOOLS.k6, {
    env: { PATH: path.map((place) => join(folder, place)).join(":"), ...env },
    toolsFolder: join(folder, "tools"),
  });

describe("findTool", () => {
  it("takes the first on PATH before the one in the tools folder", async () => {
    const first = await program("first", "k6 v2.2.0 (go1.26.8, linux/amd64)");
    await program("second", "k6 v2.2.0");
    await program("tools", "k6 v2.2.0");
    expect(await find(["empty", "first", "second"])).toEqual({
      file: first,
      version: [2, 2],
      rejected: [],
    });
  });

  it("passes over one that is too old and says so", async () => {
    const old = await program("first", "k6 v1.4.2 (commit/abc, go1.25.0, linux/amd64)");
    const good = await program("tools", "k6 v2.0.0");
    expect(await find(["first"])).toEqual({
      file: good,
      version: [2, 0],
      rejected: [`${old}: it is version 1.4, and 2.0 or newer is needed`],
    });
  });

  it("passes over what is not a working program", async () => {
    await program("first", "hello");
    const unusable = await program("second", "k6 v2.2.0");
    await chmod(unusable, 0o644);
    await mkdir(join(folder, "third", "k6"), { recursive: true });
    const { file, rejected } = await find(["first", "second", "third"]);
    expect(file).toBeUndefined();
    expect(rejected).toEqual([expect.stringContaining("does not tell its version")]);
  });

  it("takes the file that the variable names, and nothing else", async () => {
    await program("first", "k6 v2.2.0");
    const named = await program("mine", "k6 v3.1.0", "my-k6");
    expect((await find(["first"], { HEADROOM_K6: named })).file).toBe(named);
    await expect(find(["first"], { HEADROOM_K6: join(folder, "nowhere") })).rejects.toThrow(
      /HEADROOM_K6 names .*nowhere, but it is not an executable file/,
    );
  });
});

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
