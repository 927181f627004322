import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../places.ts";
import { runQuietly } from "../processes/run.ts";
import type { Running } from "../progress.ts";
import { canInstallFromDebian, installFromDebian } from "../tools/sources.ts";

/** What the check keeps between runs: images, and what they are made from. */
export const CONTAINERS = join(ROOT, ".tools", "containers");

/** What is there only as long as a run lasts: parts of images, and what podman and the check put aside. */
export const PASSING = join(CONTAINERS, "passing");

/** What podman knows only as long as it runs. It is covered by a folder of the check's own while that runs. */
export const PODMAN_STATE = "/run/containers";

/** Debian's packages, and where each puts what shows that it is here; another may have brought it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  podman: ["/usr/bin/podman"],
  runc: ["/usr/sbin/runc", "/usr/bin/runc", "/usr/bin/crun"],
  netavark: ["/usr/lib/podman/netavark"],
  "aardvark-dns": ["/usr/lib/podman/aardvark-dns"],
  catatonit: ["/usr/libexec/podman/catatonit", "/usr/bin/catatonit"],
  iptables: ["/usr/sbin/iptables"],
  iproute2: ["/usr/sbin/ip", "/sbin/ip"],
  debootstrap: ["/usr/sbin/debootstrap"],
  "python3-venv": ["/usr/bin/python3"],
};

const COMPOSE_VERSION = "1.6.0";
const COMPOSE_FOLDER = join(ROOT, ".tools", "podman-compose");

/** The program that reads the compose file as Docker Compose does, and calls podman. */
export const PODMAN_COMPOSE = join(COMPOSE_FOLDER, "bin", "podman-compose");

/** The environment in which podman keeps to {@link CONTAINERS}, and leaves the user's own alone. */
export const PODMAN_ENV: NodeJS.ProcessEnv = {
  ...process.env,
  CONTAINERS_CONF: join(CONTAINERS, "containers.conf"),
  CONTAINERS_STORAGE_CONF: join(CONTAINERS, "storage.conf"),
  CONTAINERS_REGISTRIES_CONF: join(CONTAINERS, "registries.conf"),
  // The other format has no HEALTHCHECK.
  BUILDAH_FORMAT: "docker",
  TMPDIR: PASSING,
};

/**
 * Why containers cannot run here, and what to do about it.
 *
 * @returns undefined when nothing is missing, or can be installed
 */
export function lackedHere(env = process.env): string | undefined {
  if (process.platform !== "linux") {
    return "containers are confined by Linux; run this there, or in a virtual machine with it";
  }
  if (process.getuid?.() !== 0) {
    return "podman needs root for networks and limits of its own; run sudo npm run containers:check";
  }
  const missing = missingPackages();
  if (missing.length === 0 || canInstallFromDebian(env)) return undefined;
  return (
    `${missing.join(", ")} is missing, and only Debian's packages are installed from here; install ` +
    "podman with netavark, runc and debootstrap by this system's package manager"
  );
}

const missingPackages = () =>
  Object.keys(PACKAGES).filter((name) => !PACKAGES[name]!.some((file) => existsSync(file)));

/**
 * Installs what is missing, and writes podman's configuration.
 *
 * @throws Error with the last lines of the package manager that failed
 */
export async function preparePodman(running: Running): Promise<void> {
  const { activity, signal } = running;
  for (const name of missingPackages()) {
    await installFromDebian(name, { ...running, env: process.env });
  }
  if (!existsSync(PODMAN_COMPOSE)) {
    await activity(`Installing podman-compose ${COMPOSE_VERSION}`, async () => {
      await runQuietly("python3", ["-m", "venv", "--clear", COMPOSE_FOLDER], { signal });
      const pip = ["-m", "pip", "install", "--quiet", `podman-compose==${COMPOSE_VERSION}`];
      await runQuietly(join(COMPOSE_FOLDER, "bin", "python"), pip, { signal });
    });
  }
  await mkdir(CONTAINERS, { recursive: true });
  // What podman remembers of a run that was killed, and where the checkout stood then.
  await rm(join(CONTAINERS, "graph", "libpod"), { recursive: true, force: true });
  for (const [name, text] of Object.entries(configuration())) {
    await writeFile(join(CONTAINERS, name), text);
  }
}

function configuration(): Readonly<Record<string, string>> {
  const runtime = PACKAGES["runc"]!.find((file) => existsSync(file));
  return {
    // The limits are below those of any machine: raising them takes a right that a container may lack.
    "containers.conf": `[containers]
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "chosen"
tmp_dir = "${PODMAN_STATE}/headroom-tmp"
[engine.runtimes]
chosen = ["${runtime}"]
[network]
network_backend = "netavark"
network_config_dir = "${CONTAINERS}/networks"
`,
    "storage.conf": `[storage]
driver = "overlay"
graphroot = "${CONTAINERS}/graph"
runroot = "${PODMAN_STATE}/headroom"
`,
    "registries.conf": 'unqualified-search-registries = ["docker.io"]\n',
  };
}

/**
 * Runs podman to its end.
 *
 * @returns what it wrote to standard output
 * @throws Error with what it wrote to standard error when it fails
 */
export async function podman(args: readonly string[], signal?: AbortSignal): Promise<string> {
  const options = { env: PODMAN_ENV, maxBuffer: 2 ** 26, ...(signal && { signal }) };
  return (await promisify(execFile)("podman", args, options)).stdout.trim();
}

/** All that a container wrote. @throws Error when there is none of that name */
export async function logOf(container: string): Promise<string> {
  const options = { env: PODMAN_ENV, maxBuffer: 2 ** 26 };
  const { stdout, stderr } = await promisify(execFile)("podman", ["logs", container], options);
  return stdout + stderr;
}

/** Ends and removes every container, pod, volume and network of the check, also what an interrupted build left. */
export async function removeAll(): Promise<void> {
  const remove = () => podman(["rm", "--all", "--force", "--time", "1"]);
  // One whose network another one shares can only go after it, and podman takes them in any order.
  await remove().catch(remove);
  const left = await podman(["ps", "--all", "--external", "--quiet"]);
  if (left !== "") await podman(["rm", "--force", ...left.split("\n")]);
  await podman(["pod", "rm", "--all", "--force"]);
  await podman(["volume", "rm", "--all", "--force"]);
  await podman(["network", "prune", "--force"]);
}
