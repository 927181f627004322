#!/usr/bin/env node
/**
 * Makes a clone able to run: installs the packages, this platform's binaries, and a newer Node where
 * the machine's own is too old.
 * Every npm script calls it first, so it is silent and quick when there is nothing to do. Plain
 * JavaScript without dependencies, as it runs before any is installed; writes to standard error
 * only.
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { needsNode, provideNode } from "./bootstrap/node.mjs";
import { lastLines, runNpm } from "./bootstrap/npm.mjs";
import { isSupported, missingBinaries, staleReason } from "./bootstrap/packages.mjs";
import { withLock } from "./lock.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PLATFORM = `${process.platform}-${process.arch}`;

const say = (text) => process.stderr.write(`headroom: ${text}\n`);

const work = () => ({
  stale: staleReason(ROOT),
  node: needsNode(ROOT),
  binaries: missingBinaries(ROOT, PLATFORM, process.env.HEADROOM_GPU),
});

async function npm(what, args, folder = ROOT) {
  const result = await runNpm(folder, args, {
    env: process.env,
    onHeartbeat: (seconds) => say(`still ${what}, ${seconds} s`),
  });
  if (result.signal) throw new Error(`npm was stopped by ${result.signal}.`);
  return result;
}

async function installPackages(reason) {
  say(`${reason}; installing packages, which takes a minute the first time ...`);
  const fresh = reason.startsWith("node_modules is missing");
  // Both take the lockfile's versions. `npm ci` refuses a lockfile that lacks optional packages of
  // other platforms, and would first delete what a running command uses.
  const commands = [...(fresh ? [["ci"]] : []), ["install", "--no-save"]];
  let result;
  for (const args of commands) {
    result = await npm("installing packages", [...args, "--include=dev", "--include=optional"]);
    if (result.code === 0) return;
    if (!result.output.includes("in sync")) break;
  }
  throw new Error(
    `The packages could not be installed. npm said:\n${lastLines(result.output)}\n` +
      `Check the network and the registry (npm config get registry), then try again, or run\n  npm ${commands.at(-1).join(" ")}\nin ${ROOT} to see more.`,
  );
}

async function installBinaries(binaries) {
  const essential = binaries.filter((binary) => binary.essential);
  const all = await addBinaries(binaries);
  if (all.code === 0) return;
  // A registry may lack one that only the tests need; that must not keep the engine out.
  const others = binaries.length - essential.length;
  const result = essential.length > 0 && others > 0 ? await addBinaries(essential) : all;
  if (result.code !== 0 && essential.length > 0) {
    throw new Error(
      `The model engine's binary for ${PLATFORM} could not be installed. npm said:\n${lastLines(result.output)}\n` +
        `Check the network and the registry, then run\n  ${addCommand(essential).join(" ")}`,
    );
  }
  say("without some of them the tests cannot run here; everything else can.");
}

function addBinaries(binaries) {
  say(`adding binaries for ${PLATFORM}: ${binaries.map(specOf).join(", ")} ...`);
  return npm("adding binaries", addCommand(binaries).slice(1));
}

const specOf = ({ name, version }) => `${name}@${version}`;

/** The lockfile was made elsewhere and must neither change nor forbid these packages. */
const addCommand = (binaries) => [
  ...["npm", "install", "--no-save", "--no-package-lock", "--include=dev"],
  ...binaries.map(specOf),
];

/** Binaries that the tests alone need are not tried again with every command. */
const isBlocked = ({ stale, node, binaries }) =>
  stale !== undefined || node || binaries.some(({ essential }) => essential);

try {
  if (isBlocked(work())) {
    if (!isSupported(PLATFORM)) {
      say(`the model engine has no binary for ${PLATFORM}; use Linux, macOS or WSL 2.`);
    }
    await withLock(
      join(ROOT, ".tools", "locks", "packages"),
      async () => {
        // Another command may have done it while this one waited.
        const reason = staleReason(ROOT);
        if (reason) await installPackages(reason);
        const { binaries, node } = work();
        if (binaries.length > 0) await installBinaries(binaries);
        if (node) {
          say(
            `Node.js ${process.versions.node} is too old for this project; fetching a newer one ...`,
          );
          await provideNode(ROOT, (folder, args) => npm("fetching Node", args, folder));
        }
        say("packages are ready.");
      },
      { onWait: (pid) => say(`another command (process ${pid}) is installing; waiting ...`) },
    );
  }
} catch (error) {
  say(error.message);
  process.exitCode = 1;
}
