import { signalGroup, spawnTied } from "@headroom/loadtest/run/tied-process";
import { GRACE_MS } from "./part.ts";

const KEPT_CHARACTERS = 20_000;
const SHOWN_LINES = 20;

/**
 * Runs a command to its end without standard input and without showing its output.
 *
 * @throws Error with the command's last lines when it fails, or the signal's reason when it ends it
 */
export async function runQuietly(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { signal, ...spawnOptions } = options;
  signal.throwIfAborted();
  const child = spawnTied(command, args, { ...spawnOptions, stdio: ["ignore", "pipe", "pipe"] });
  let kill: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child, "SIGTERM");
    kill = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", stop);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  try {
    const result = await new Promise<string>((resolve, reject) => {
      child.once("error", (error) =>
        reject(new Error(`${command} cannot start: ${error.message}`)),
      );
      child.once("close", (code, ended) =>
        resolve(code === null ? String(ended) : `exit code ${code}`),
      );
    });
    signal.throwIfAborted();
    if (result === "exit code 0") return;
    const lines = output.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n");
    throw new Error(`${command} ${args[0] ?? ""} ended with ${result}:\n${lines}`);
  } finally {
    clearTimeout(kill);
    signal.removeEventListener("abort", stop);
  }
}
