import { signalGroup, spawnTied } from "@headroom/loadtest/run/tied-process";

/** How long an interrupted command may take to end what it started. */
const GRACE_MS = 15_000;

/**
 * Runs a command to its end with its output on this process' own, without standard input.
 *
 * @returns its exit code; 1 when a signal ended it
 * @throws Error when it cannot start, or the signal's reason when that ended it
 */
export async function runVisibly(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env?: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
  },
): Promise<number> {
  const { signal, ...spawnOptions } = options;
  signal.throwIfAborted();
  const child = spawnTied(command, args, {
    ...spawnOptions,
    stdio: ["ignore", "inherit", "inherit"],
  });
  let kill: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child, "SIGTERM");
    kill = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
  };
  signal.addEventListener("abort", stop);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", (error) =>
        reject(new Error(`${command} cannot start: ${error.message}`)),
      );
      child.once("exit", (code) => resolve(code ?? 1));
    });
    signal.throwIfAborted();
    return code;
  } finally {
    clearTimeout(kill);
    signal.removeEventListener("abort", stop);
  }
}
