import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { withFolderLock } from "./durable-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the lock of a folder", () => {
  it("lets one in at a time and leaves nothing behind", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(2);
      inside--;
    };
    await Promise.all(Array.from({ length: 30 }, () => withFolderLock(folder, work)));
    expect([most, inside]).toEqual([1, 0]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("is free again when the work fails", async () => {
    const failing = withFolderLock(folder, async () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await withFolderLock(folder, async () => "yes")).toBe("yes");
  });

  it("of a process that is gone is taken over, also by many at once", async () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    await symlink(`${pid}@${hostname()}#gone`, join(folder, ".lock"));
    const done = await Promise.all([1, 2, 3].map((n) => withFolderLock(folder, async () => n)));
    expect(done).toEqual([1, 2, 3]);
    expect(await readdir(folder)).toEqual([]);
  });

  it("of an earlier process with our number, as in a container, is taken over", async () => {
    await symlink(`${process.pid}@${hostname()}#earlier`, join(folder, ".lock"));
    expect(await withFolderLock(folder, async () => "in")).toBe("in");
  });
});
