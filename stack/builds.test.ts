import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { isNewer } from "./builds.ts";

let folder: string;
const at = (path: string) => join(folder, path);

/** Seconds since 1970, for files and folders alike. */
async function touch(path: string, time: number) {
  await utimes(at(path), time, time);
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-build-"));
  await mkdir(at("src/inner"), { recursive: true });
  await writeFile(at("src/inner/a.ts"), "");
  await writeFile(at("bundle.js"), "");
  for (const path of ["src/inner/a.ts", "src/inner", "src"]) await touch(path, 1_000);
  await touch("bundle.js", 2_000);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("isNewer", () => {
  it("holds while nothing changed after the bundle, whatever else is missing", async () => {
    expect(await isNewer(at("bundle.js"), [at("src"), at("no-such-file")])).toBe(true);
  });

  it("fails when a file deep inside changed", async () => {
    await touch("src/inner/a.ts", 3_000);
    expect(await isNewer(at("bundle.js"), [at("src")])).toBe(false);
  });

  it("fails when a file was removed", async () => {
    await rm(at("src/inner/a.ts"));
    expect(await isNewer(at("bundle.js"), [at("src")])).toBe(false);
  });

  it("fails when there is no bundle", async () => {
    expect(await isNewer(at("no-bundle.js"), [at("src")])).toBe(false);
  });
});
