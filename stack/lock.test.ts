import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { withLock } from "./lock.mjs";

let folder: string;
const lock = () => join(folder, "locks", "one");

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("withLock", () => {
  it("lets one work at a time and releases the lock even after a failure", async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(20);
      inside--;
      throw new Error("failed");
    };
    const results = await Promise.allSettled([1, 2, 3].map(() => withLock(lock(), work)));
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(most).toBe(1);
    expect(existsSync(lock())).toBe(false);
  });

  it("takes over the lock of a process that died", async () => {
    await mkdir(lock(), { recursive: true });
    // No process can have this id: it is past the greatest that a system gives out.
    await writeFile(join(lock(), "pid"), "99999999");
    expect(await withLock(lock(), () => "done")).toBe("done");
  });

  it("says once whom it waits for, and stops waiting when told to", async () => {
    await mkdir(lock(), { recursive: true });
    await writeFile(join(lock(), "pid"), String(process.pid));
    const controller = new AbortController();
    const waits: (number | undefined)[] = [];
    const waiting = withLock(lock(), () => "done", {
      signal: controller.signal,
      onWait: (owner) => {
        waits.push(owner);
        controller.abort(new Error("enough"));
      },
    });
    await expect(waiting).rejects.toThrow();
    expect(waits).toEqual([process.pid]);
  });
});
