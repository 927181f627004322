import { execFile } from "node:child_process";

/** A tool that comes with a program of the stack. */
export interface Companion {
  readonly name: string;
  /** Environment variable that names its file; otherwise the PATH is searched. */
  readonly variable: string;
  readonly comesWith: string;
}

/** What a tool said, and whether it was content. */
export interface CompanionAnswer {
  readonly ok: boolean;
  readonly output: string;
}

/**
 * Runs a tool to its end.
 *
 * @throws Error when there is no such program, with what to do about it
 */
export function runCompanion(
  { name, variable, comesWith }: Companion,
  args: readonly string[],
): Promise<CompanionAnswer> {
  const program = process.env[variable] ?? name;
  return new Promise((resolve, reject) => {
    execFile(program, args, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") {
        const why = `${program} could not be run (${error.code ?? error.message})`;
        reject(
          new Error(
            `${why}. It comes with ${comesWith}: install that, or set ${variable} to its path.`,
          ),
        );
      } else resolve({ ok: error === null, output: `${stdout}${stderr}` });
    });
  });
}
