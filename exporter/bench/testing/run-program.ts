import { execFile } from "node:child_process";

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a TypeScript program to its end, without any settings of the tests' own. */
export function runProgram(
  program: string,
  args: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(HEADROOM|NODE)_/.test(name));
  const env = { ...Object.fromEntries(inherited), ...settings };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}
