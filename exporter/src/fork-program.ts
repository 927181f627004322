import { type ChildProcess, fork, type ForkOptions } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Starts one of the exporter's own programs as a process that is talked to by messages. In the
 * bundle it is a file beside the others. What it writes are native errors, which belong to the
 * exporter's own.
 *
 * @param source - the program's file
 * @param bundled - its name in the bundle, as `build.ts` has it
 */
export function forkProgram(
  source: URL,
  bundled: string,
  options: Pick<ForkOptions, "env" | "serialization" | "execArgv"> = {},
): ChildProcess {
  const isBundled = import.meta.url.endsWith(".js");
  const file = isBundled ? new URL(`./${bundled}.js`, import.meta.url) : source;
  return fork(fileURLToPath(file), {
    ...options,
    // Not what this process was started with: a debugger, say.
    execArgv: options.execArgv ?? [],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}
