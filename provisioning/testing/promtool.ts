import { execFile } from "node:child_process";

/** What promtool said. */
export interface PromtoolAnswer {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Runs promtool: the program named by HEADROOM_PROMTOOL, or the one on the PATH.
 *
 * @throws Error when there is no such program, with what to do about it
 */
export function promtool(...args: readonly string[]): Promise<PromtoolAnswer> {
  const program = process.env["HEADROOM_PROMTOOL"] ?? "promtool";
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") {
        const why = `${program} could not be run (${error.code ?? error.message})`;
        reject(
          new Error(
            `${why}. It comes with Prometheus: install that, or set HEADROOM_PROMTOOL to its path.`,
          ),
        );
      } else resolve({ ok: error === null, output: `${stdout}${stderr}` });
    });
  });
}
