import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import type { Activity } from "../activity.ts";
import { runQuietly } from "../processes/run-quietly.ts";
import { isOnPath } from "./find.ts";

/** Debian asks this program before it starts a service; exit code 101 means "do not". */
const POLICY_FILE = "/usr/sbin/policy-rc.d";
const POLICY = "#!/bin/sh\nexit 101\n";

/** Whether packages can be installed here: Debian or a relative of it, apt-get on PATH, and root. */
export function canInstallFromDebian(env: NodeJS.ProcessEnv): boolean {
  return (
    process.platform === "linux" &&
    process.getuid?.() === 0 &&
    existsSync("/etc/debian_version") &&
    isOnPath("apt-get", env)
  );
}

/**
 * Installs a Debian package without starting the services it brings: Headroom starts its own, on
 * its own ports.
 *
 * @throws Error with apt's last lines when it fails
 */
export async function installFromDebian(
  name: string,
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly activity: Activity;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const apt = (...args: string[]) =>
    runQuietly("apt-get", ["-o", "DPkg::Lock::Timeout=120", "-y", ...args], {
      env: { ...options.env, DEBIAN_FRONTEND: "noninteractive" },
      signal: options.signal,
    });
  const install = () => apt("install", "--no-install-recommends", name);
  await options.activity(`Installing the Debian package ${name}`, () =>
    withoutServices(async () => {
      try {
        await install();
      } catch (error) {
        options.signal.throwIfAborted();
        // A fresh machine has no package lists, an old one has stale ones.
        await apt("update").catch(() => Promise.reject(error));
        await install();
      }
    }),
  );
}

async function withoutServices(work: () => Promise<void>): Promise<void> {
  // Somebody else's policy stays as it is.
  if (existsSync(POLICY_FILE)) return work();
  await writeFile(POLICY_FILE, POLICY, { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(POLICY_FILE, { force: true });
  }
}
