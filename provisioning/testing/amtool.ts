import { execFile } from "node:child_process";

/** What amtool said. */
export interface AmtoolAnswer {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Runs amtool: the program named by HEADROOM_AMTOOL, or the one on the PATH.
 *
 * @throws Error when there is no such program, with what to do about it
 */
export function amtool(...args: readonly string[]): Promise<AmtoolAnswer> {
  const program = process.env["HEADROOM_AMTOOL"] ?? "amtool";
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") {
        const why = `${program} could not be run (${error.code ?? error.message})`;
        reject(
          new Error(
            `${why}. It comes with Alertmanager: install that, or set HEADROOM_AMTOOL to its path.`,
          ),
        );
      } else resolve({ ok: error === null, output: `${stdout}${stderr}` });
    });
  });
}
