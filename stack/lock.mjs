import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A lock folder without an owner's id is half made; older than this, its maker died. */
const HALF_MADE_MS = 10_000;
const RETRY_MS = 200;

/**
 * Runs `work` while no other process holds the lock. The lock is a folder, because making a folder
 * succeeds for exactly one process; it holds the owner's process id, so that the lock of a process
 * that died is taken over.
 *
 * Plain JavaScript, as the bootstrap needs it before any package is installed.
 */
export async function withLock(folder, work, { onWait = () => {}, signal } = {}) {
  mkdirSync(dirname(folder), { recursive: true });
  let told = false;
  while (!take(folder)) {
    signal?.throwIfAborted();
    const owner = ownerOf(folder);
    if (isAbandoned(folder, owner)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) onWait(owner);
    told = true;
    await sleep(RETRY_MS, undefined, { signal });
  }
  const release = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function take(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(folder, "pid"), String(process.pid));
  return true;
}

function ownerOf(folder) {
  try {
    const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAbandoned(folder, owner) {
  if (owner !== undefined) return !isAlive(owner);
  try {
    return Date.now() - statSync(folder).mtimeMs > HALF_MADE_MS;
  } catch {
    // Released between two looks; the next attempt to take it decides.
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to another user.
    return error.code === "EPERM";
  }
}
