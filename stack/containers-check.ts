import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { begin, runCommand } from "./command.ts";
import { buildImages, makeStandIns, pullImages } from "./containers/images.ts";
import {
  lackedHere,
  PODMAN_ENV,
  PODMAN_STATE,
  preparePodman,
  removeAll,
} from "./containers/podman.ts";
import { runQuietly, runVisibly } from "./processes/run.ts";
import { say } from "./progress.ts";

const PROVE = join(import.meta.dirname, "containers", "prove.ts");

/**
 * Namespaces of the kernel, so that networks, rules of the firewall and containers are the check's own:
 * the kernel removes them when it ends, however it ends.
 */
const APART = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];

/**
 * Runs the rest with a podman that knows of no other container, and of no systemd that would call it. The
 * shell stays: it takes in what conmon leaves behind, which Node would not.
 */
const WITHIN = [
  `mount -t tmpfs tmpfs ${PODMAN_STATE}`,
  "if [ -d /run/systemd ]; then mount -t tmpfs tmpfs /run/systemd; fi",
  "ip link set lo up",
  '{ "$@"; exit $?; }',
].join(" && ");

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
  const { signal } = running;
  await preparePodman(running);
  await mkdir(PODMAN_STATE, { recursive: true });
  await (pull ? pullImages(running) : makeStandIns(running));
  await buildImages(running);
  const inner = ["sh", "-c", WITHIN, "sh", process.execPath, PROVE];
  const code = await runVisibly("unshare", [...APART, ...inner], { env: PODMAN_ENV, signal });
  if (code > 1) say("The containers did not run to their end.");
  // What an interrupt left; the processes are gone with the namespaces.
  await removeAll();
  return code;
});

/** Whether the kernel refuses what containers take, as inside most containers. */
async function refusedHere(): Promise<string | undefined> {
  const { signal } = new AbortController();
  return runQuietly("unshare", [...APART, "true"], { signal }).then(
    () => undefined,
    ({ message }: Error) =>
      "this system gives out no namespaces, without which podman cannot run; run this on the machine " +
      `itself, or in a container with --privileged (${message.split("\n").at(-1)})`,
  );
}
