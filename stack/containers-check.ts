import { mkdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { begin, runCommand } from "./command.ts";
import {
  lackedHere,
  PASSING,
  PODMAN_ENV,
  PODMAN_STATE,
  preparePodman,
} from "./containers/podman.ts";
import { runQuietly, runVisibly } from "./processes/run.ts";

/**
 * Namespaces of the kernel, so that mounts, containers and all their processes are the check's own: the kernel
 * removes them when it ends, however it ends. So are networks and rules of the firewall, once all is built.
 */
const APART = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
const ALONE = ["--net", ...APART];

/** What podman has beside its images is the check's own too, and gone with it. */
const COVERED = [PODMAN_STATE, "/run/netns"];
const COVER = COVERED.map((folder) => `mount -t tmpfs tmpfs ${folder}`);

/** No systemd is to call podman's containers. */
const NO_SYSTEMD = "if [ -d /run/systemd ]; then mount -t tmpfs tmpfs /run/systemd; fi";

/** Programs that run one after the other, each in namespaces, and what a shell does before. */
const PARTS = [
  ["build.ts", APART, COVER],
  ["prove.ts", ALONE, [...COVER, NO_SYSTEMD, "ip link set lo up"]],
] as const;

/** The shell stays: it takes in what conmon leaves behind, which Node would not. */
const RUN = '{ "$@"; exit $?; }';

const command = new Command("npm run containers:check --")
  .description(
    "Builds the images as their Dockerfiles say, and runs the services of\n" +
      "docker-compose.yml, but for Grafana, with podman and the same confinement: rights,\n" +
      "users, volumes, health checks, load by the service k6, memory against the control\n" +
      "group's, and what follows when parts are killed.",
  )
  .option("--pull", "take the images from Docker Hub rather than stand-ins of Debian's programs")
  .addHelpText(
    "after",
    "\nNeeds Linux and root; on Debian and its relatives what is missing is installed. Images are kept\n" +
      "in .tools/containers, apart from those of your own podman; its network is not the machine's.\n" +
      "The first run takes some ten minutes, later ones four.\n" +
      "\nExit codes: 0 all holds, or skipped where containers cannot run; 1 something does not hold;\n" +
      "2 could not run; 130 interrupted.",
  )
  .addHelpText(
    "after",
    "\nExamples:\n  npm run containers:check\n  npm run containers:check -- --pull",
  )
  .exitOverride();

await runCommand(async () => {
  const { pull } = command.parse().opts<{ pull?: true }>();
  const lacked = lackedHere() ?? (await refusedHere());
  if (lacked !== undefined) {
    console.log(`Skipped: ${lacked}.`);
    return 0;
  }
  const running = begin();
  await preparePodman(running);
  await rm(PASSING, { recursive: true, force: true });
  for (const folder of [PASSING, ...COVERED]) await mkdir(folder, { recursive: true });
  try {
    for (const [program, namespaces, before] of PARTS) {
      const file = join(import.meta.dirname, "containers", program);
      const shell = ["sh", "-c", [...before, RUN].join(" && "), "sh"];
      const inner = [...shell, process.execPath, file, ...(pull ? ["--pull"] : [])];
      const options = { env: PODMAN_ENV, signal: running.signal };
      const code = await runVisibly("unshare", [...namespaces, ...inner], options);
      if (code !== 0) return code;
    }
    return 0;
  } finally {
    await removeRest();
  }
});

/** Removes what is neither podman's own nor goes with the namespaces. */
async function removeRest(): Promise<void> {
  await rm(PASSING, { recursive: true, force: true });
  // Others may have put something there.
  for (const folder of COVERED) await rmdir(folder).catch(() => undefined);
  // The kernel keeps the control groups of containers that it ended; those in which something runs it does not give up.
  const named = ["(", "-name", "buildah-*", "-o", "-name", "libpod-*", ")"];
  const { signal } = new AbortController();
  const remove = ["/sys/fs/cgroup", "-depth", ...named, "-exec", "rmdir", "{}", "+"];
  await runQuietly("find", remove, { signal }).catch(() => undefined);
}

/** Whether the kernel refuses what containers take, as inside most containers. */
async function refusedHere(): Promise<string | undefined> {
  const { signal } = new AbortController();
  return runQuietly("unshare", [...ALONE, "true"], { signal }).then(
    () => undefined,
    ({ message }: Error) =>
      "this system gives out no namespaces, without which podman cannot run; run this on the machine " +
      `itself, or in a container with --privileged (${message.split("\n").at(-1)})`,
  );
}
