#!/usr/bin/env node
/**
 * Makes a clone able to run: installs the packages, this platform's binaries, and a newer Node where
 * the machine's own is too old.
 * Every npm script calls it first, so it is silent and quick when there is nothing to do. Plain
 * JavaScript without dependencies, as it runs before any is installed; writes to standard error
 * only.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import {
  isSupported,
  missingBinaries,
  missingNode,
  nodeLink,
  staleReason,
} from "./bootstrap-needs.mjs";
import { withLock } from "./lock.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const PLATFORM = `${process.platform}-${process.arch}`;

/** Settings that say how to reach the registry; every other one could change what is installed. */
const KEPT =
  /^npm_config_(registry|cache|userconfig|globalconfig|https?[-_]proxy|proxy|no_?proxy|cafile|ca|cert|key|strict[-_]ssl|fetch[-_].*|maxsockets|offline|prefer[-_]offline|\/\/.*|@.*)$/i;

const HEARTBEAT_MS = 10_000;
const SHOWN_LINES = 25;

const say = (text) => process.stderr.write(`headroom: ${text}\n`);

const work = () => ({
  stale: staleReason(ROOT),
  node: missingNode(ROOT, PLATFORM),
  binaries: missingBinaries(ROOT, PLATFORM, process.env.HEADROOM_GPU),
});

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
        if (node) await provideNode(node);
        say("packages are ready.");
      },
      { onWait: (pid) => say(`another command (process ${pid}) is installing; waiting ...`) },
    );
  }
} catch (error) {
  say(error.message);
  process.exitCode = 1;
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
  say(`adding binaries for ${PLATFORM}: ${specsOf(binaries).join(", ")} ...`);
  return npm("adding binaries", addCommand(binaries).slice(1));
}

/** The lockfile was made elsewhere and must neither change nor forbid these packages. */
function addCommand(binaries) {
  const options = ["--no-save", "--no-package-lock", "--include=dev"];
  return ["npm", "install", ...options, ...specsOf(binaries)];
}

function specsOf(binaries) {
  return binaries.map(({ name, version }) => `${name}@${version}`);
}

/**
 * Puts a Node that is new enough where npm's scripts find it first: the command that comes after
 * this one runs on it. The machine's own stays what it is.
 */
async function provideNode({ oldest, version, name }) {
  const own = process.versions.node;
  say(`Node.js ${own} is too old for this project; fetching a newer one ...`);
  const tooOld = (reason) =>
    new Error(
      `Node.js ${own} is too old: ${oldest} or newer is needed, ${reason}\n` +
        `Install it from https://nodejs.org/ or with your version manager (nvm install ${oldest}), then try again.`,
    );
  if (!name) throw tooOld(`and there is none to fetch for ${PLATFORM}.`);
  const folder = join(ROOT, ".tools", `node-${version}`);
  const file = join(folder, "node_modules", name, "bin", "node");
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const args = ["install", "--no-save", `${name}@${version}`];
    const { code, output } = await npm("fetching Node", args, folder);
    if (code !== 0) throw tooOld(`and Node ${version} cannot be fetched:\n${lastLines(output)}`);
  }
  const bin = dirname(nodeLink(ROOT));
  mkdirSync(bin, { recursive: true });
  rmSync(nodeLink(ROOT), { force: true });
  symlinkSync(relative(bin, file), nodeLink(ROOT));
}

/**
 * Runs npm without standard input. Its output is kept back, as standard output belongs to the
 * command that comes after.
 *
 * @returns exit code (null when npm could not start) and the end of what it wrote
 */
async function npm(what, args, folder = ROOT) {
  // The npm that started this command, else the one on PATH.
  const cli = process.env.npm_execpath;
  const [command, ...before] =
    cli && basename(cli) === "npm-cli.js" ? [process.execPath, cli] : ["npm"];
  const all = [...before, ...args, "--no-audit", "--no-fund", "--loglevel=error"];
  const started = Date.now();
  const stdio = ["ignore", "pipe", "pipe"];
  const child = spawn(command, all, { cwd: folder, env: npmEnvironment(), stdio });
  const stop = (signal) => child.kill(signal);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const heartbeat = setInterval(
    () => say(`still ${what}, ${Math.round((Date.now() - started) / 1000)} s`),
    HEARTBEAT_MS,
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-20_000);
    });
  }
  const result = await new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, output: error.message }));
    child.once("close", (code, signal) => resolve({ code, signal, output }));
  });
  clearInterval(heartbeat);
  process.off("SIGINT", stop).off("SIGTERM", stop);
  if (result.signal) throw new Error(`npm was stopped by ${result.signal}.`);
  return result;
}

/**
 * This environment without settings that a command line or an outer npm put there (`npm start
 * --profile x` sets npm_config_profile, `npm_config_omit=dev` leaves out Jest).
 */
function npmEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => name !== "NODE_ENV" && (!/^npm_config_/i.test(name) || KEPT.test(name)),
  );
  // The binaries are packages of their own; without this the engine would compile one.
  return { ...Object.fromEntries(kept), NODE_LLAMA_CPP_POSTINSTALL: "skip" };
}

/** The end of npm's output, for a message. */
function lastLines(text) {
  return text.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
}
