import { spawn } from "node:child_process";
import { basename } from "node:path";

/** Settings that say how to reach the registry; every other one could change what is installed. */
const KEPT =
  /^npm_config_(registry|cache|userconfig|globalconfig|https?[-_]proxy|proxy|no_?proxy|cafile|ca|cert|key|strict[-_]ssl|fetch[-_].*|maxsockets|offline|prefer[-_]offline|\/\/.*|@.*)$/i;

const HEARTBEAT_MS = 10_000;
const KEPT_LINES = 25;

/**
 * The environment for npm: the caller's, without settings that a command line or an outer npm put
 * there (`npm start --profile x` sets npm_config_profile, `npm_config_omit=dev` leaves out Jest).
 */
export function npmEnvironment(env) {
  const kept = Object.entries(env).filter(
    ([name]) => name !== "NODE_ENV" && (!/^npm_config_/i.test(name) || KEPT.test(name)),
  );
  // The binaries are packages of their own; without this the engine would compile one.
  return { ...Object.fromEntries(kept), NODE_LLAMA_CPP_POSTINSTALL: "skip" };
}

/**
 * Runs npm in `root` without standard input. Its output is kept back, as standard output belongs
 * to the command that comes after.
 *
 * @returns exit code (null when npm could not start) and the end of what it wrote
 */
export function runNpm(root, args, { env, onHeartbeat }) {
  const [command, ...before] = npmCommand(env);
  const started = Date.now();
  const child = spawn(
    command,
    [...before, ...args, "--no-audit", "--no-fund", "--loglevel=error"],
    { cwd: root, env: npmEnvironment(env), stdio: ["ignore", "pipe", "pipe"] },
  );
  const stop = (signal) => child.kill(signal);
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const heartbeat = setInterval(
    () => onHeartbeat(Math.round((Date.now() - started) / 1000)),
    HEARTBEAT_MS,
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-20_000);
    });
  }
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: null, output: error.message }));
    child.once("close", (code, signal) => resolve({ code, signal, output }));
  }).finally(() => {
    clearInterval(heartbeat);
    process.off("SIGINT", stop).off("SIGTERM", stop);
  });
}

/** The npm that started this command, else the one on PATH. */
function npmCommand(env) {
  const cli = env.npm_execpath;
  return cli && basename(cli) === "npm-cli.js" ? [process.execPath, cli] : ["npm"];
}

/** The end of npm's output, for a message. */
export const lastLines = (text) => text.trimEnd().split("\n").slice(-KEPT_LINES).join("\n");
