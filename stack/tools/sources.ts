import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runQuietly } from "../processes/run.ts";
import type { Running } from "../progress.ts";
import type { Source, Tool } from "./catalogue.ts";
import { isOnPath } from "./find.ts";

/** Debian asks this program before it starts a service; exit code 101 means "do not". */
const POLICY_FILE = "/usr/sbin/policy-rc.d";
const POLICY = "#!/bin/sh\nexit 101\n";

/** How a tool is obtained. */
export type SourceOptions = Running & { readonly env: NodeJS.ProcessEnv };

/** A workspace file above the checkout must not change what is built. */
export const GO_SETTINGS = { CGO_ENABLED: "0", GOWORK: "off" } as const;

/** Whether Go is on PATH. */
export function hasGo(env: NodeJS.ProcessEnv): boolean {
  return isOnPath("go", env);
}

/**
 * Builds a tool from the module that pins it, and puts it into `toolsFolder`. The file appears
 * there complete or not at all.
 *
 * @throws Error with Go's last lines when the build fails
 */
export async function buildWithGo(
  { name }: Tool,
  source: Source & { readonly kind: "go" },
  options: SourceOptions & { readonly toolsFolder: string },
): Promise<void> {
  const { toolsFolder, env, activity, signal } = options;
  const { version, versionVariable, tags, takes } = source;
  await mkdir(toolsFolder, { recursive: true });
  const unfinished = join(toolsFolder, `.${name}.${process.pid}`);
  // Without symbols, which halves the file.
  const flags = `-ldflags=-s -w${versionVariable ? ` -X ${versionVariable}=${version}` : ""}`;
  const tagged = tags ? ["-tags", tags] : [];
  const args = ["build", "-mod=readonly", "-trimpath", flags, "-o", unfinished, ...tagged];
  try {
    await activity(`Building ${name} ${version} with Go (once, ${takes})`, () =>
      runQuietly("go", [...args, source.package], {
        cwd: join(import.meta.dirname, source.module),
        env: { ...env, ...GO_SETTINGS },
        signal,
      }),
    );
    await rename(unfinished, join(toolsFolder, name));
  } finally {
    await rm(unfinished, { force: true });
  }
}

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
  { env, activity, signal }: SourceOptions,
): Promise<void> {
  const apt = (...args: string[]) =>
    runQuietly("apt-get", ["-o", "DPkg::Lock::Timeout=120", "-y", ...args], {
      env: { ...env, DEBIAN_FRONTEND: "noninteractive" },
      signal,
    });
  const install = () => apt("install", "--no-install-recommends", name);
  await activity(`Installing the Debian package ${name}`, () =>
    withoutServices(async () => {
      try {
        await install();
      } catch (error) {
        signal.throwIfAborted();
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
