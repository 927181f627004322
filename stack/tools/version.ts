import { execFile } from "node:child_process";

/** A program's version, as [major, minor]. */
export type Version = readonly [number, number];

/** Starting a large program from a cold disk takes seconds; more than this is a broken one. */
const TIME_LIMIT_MS = 20_000;

/**
 * Asks a program for its version.
 *
 * @param versionArguments - what makes it print its version
 * @returns undefined when the file cannot be run or does not print a version
 */
export async function versionOf(
  file: string,
  versionArguments: readonly string[],
): Promise<Version | undefined> {
  const output = await new Promise<string>((resolve) => {
    // Some print it to standard output, others to standard error.
    execFile(file, versionArguments, { timeout: TIME_LIMIT_MS }, (_error, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
  return parseVersion(output);
}

/** The first `1.2`, `v1.2.3` or `go1.2.3` in a text. */
export function parseVersion(text: string): Version | undefined {
  const found = /\b(?:v|go)?=?(\d+)\.(\d+)/.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/** Whether `version` is `oldest` or newer. */
export function isNewEnough(version: Version, oldest: Version): boolean {
  return version[0] > oldest[0] || (version[0] === oldest[0] && version[1] >= oldest[1]);
}
