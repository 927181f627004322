import { packageCommand, ROOT } from "../places.ts";
import { runVisibly } from "../processes/run-visibly.ts";

/**
 * Runs the command of an installed package with this Node, from the checkout's folder.
 *
 * @param name - the package, or package and command when the names differ
 * @returns its exit code
 */
export function runPackage(
  name: string | readonly [package_: string, command: string],
  args: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
    readonly nodeArguments?: readonly string[];
  },
): Promise<number> {
  const { nodeArguments = [], ...rest } = options;
  const file = typeof name === "string" ? packageCommand(name) : packageCommand(...name);
  return runVisibly(process.execPath, [...nodeArguments, file, ...args], { cwd: ROOT, ...rest });
}
