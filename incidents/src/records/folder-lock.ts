import { randomUUID } from "node:crypto";
import { lstat, readlink, rename, rm, symlink } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { UNFINISHED } from "./durable-file.ts";

/** A holder needs milliseconds; one that takes this long is gone, whatever its number says. */
const STALE_MS = 10_000;
/** Longer than a lock can last whose holder is gone. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 10;

/** Tells this process from an earlier one of the same number, as each start of a container has. */
const PROCESS = randomUUID();

/**
 * Does something while no other process does so in the same folder. The lock is a symbolic link:
 * it is made in one step, and its target names the holder. That of a killed process is taken over.
 *
 * @throws Error when the lock is not to be had, or with a system code when it cannot be made
 */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, ".lock");
  const owner = `${process.pid}@${hostname()}#${PROCESS}#${randomUUID()}`;
  await acquire(path, owner);
  try {
    return await work();
  } finally {
    if ((await holderOf(path)) === owner) await rm(path, { force: true });
  }
}

async function acquire(path: string, owner: string): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await symlink(owner, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = await holderOf(path);
    if (holder !== undefined && (await isGone(path, holder))) await takeAway(path, holder);
    else if (performance.now() > giveUpAt) {
      throw new Error(`another process (${holder ?? "unknown"}) holds the lock ${path}`);
    } else await sleep(RETRY_MS);
  }
}

async function holderOf(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined);
}

async function isGone(path: string, holder: string): Promise<boolean> {
  if (holder.includes(PROCESS)) return false;
  const [, pid = "", host = ""] = /^(\d+)@([^#]*)#/.exec(holder) ?? [];
  if (host === hostname() && !isAlive(Number(pid))) return true;
  const made = await lstat(path).catch(() => undefined);
  return made !== undefined && Date.now() - made.mtimeMs > STALE_MS;
}

function isAlive(pid: number): boolean {
  // One of ours is known already; this one is of an earlier process with our number.
  if (pid === process.pid) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Two may see the same old lock. The slower one looks again, and when it still finds a new lock in
 * its hand, it puts that back.
 */
async function takeAway(path: string, holder: string): Promise<void> {
  if ((await holderOf(path)) !== holder) return;
  // By this name the next holder removes it, should we be killed here.
  const aside = `${path}.${randomUUID()}${UNFINISHED}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const taken = await holderOf(aside);
  if (taken !== undefined && taken !== holder) await symlink(taken, path).catch(() => {});
  await rm(aside, { force: true });
}
