import { randomUUID } from "node:crypto";
import { lstat, mkdir, open, readdir, readlink, rename, rm, symlink } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Ends the names of files that are being written; one that is left over means nothing. */
const UNFINISHED = ".tmp";

/**
 * Replaces a file so that at any time, also after a loss of power, there is the old text or the new
 * one and nothing between them. When it returns, the new text is on the disk. The package
 * write-file-atomic 8.0.0 does not: it takes a write that was cut short by a disk that is nearly full
 * for a whole one, and does not sync the folder.
 *
 * @throws Error with a system code, such as ENOSPC; the old text is still there
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.${process.pid}${UNFINISHED}`);
  try {
    const file = await open(unfinished, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/**
 * Removes files of one folder; when it returns, they are gone from the disk. Those that are gone
 * already count as removed.
 *
 * @throws Error with a system code; then some may be removed and the others are whole
 */
export async function removeDurably(paths: readonly string[]): Promise<void> {
  const [first] = paths;
  if (first === undefined) return;
  for (const path of paths) await rm(path, { force: true });
  await syncFolder(dirname(first));
}

/** A new name is only on the disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A holder needs milliseconds; one that takes this long is gone, whatever its number says. */
const STALE_MS = 10_000;
/** Longer than a lock can last whose holder is gone. */
const PATIENCE_MS = 15_000;
const RETRY_MS = 10;

/** Tells this process from an earlier one of the same number, as each start of a container has. */
const PROCESS = randomUUID();

/**
 * Does something in a folder, which is made when it is missing, while no other process does so. What
 * others left unfinished is removed first: whoever holds the lock is the only one who writes. The lock
 * is a symbolic link: it is made in one step, and its target names the holder. That of a killed process
 * is taken over.
 *
 * @throws Error when the lock is not to be had, or with a system code
 */
export async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await syncFolder(dirname(made));
  const path = join(folder, ".lock");
  const owner = `${process.pid}@${hostname()}#${PROCESS}#${randomUUID()}`;
  await acquire(path, owner);
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      // A folder of such a name is somebody else's.
      if (!entry.name.endsWith(UNFINISHED) || entry.isDirectory()) continue;
      await rm(join(folder, entry.name), { force: true });
    }
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
  // Named so that the next holder removes it, should we be killed here.
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
