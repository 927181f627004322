import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckContext, Outcome } from "./check.ts";
import { runPackage } from "./run-package.ts";

/** What is read of jest's own result file. */
interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even be loaded; they hold no tests that could be counted. */
  readonly numRuntimeErrorTestSuites: number;
}

/**
 * Runs every jest test and counts them.
 *
 * @throws Error when jest leaves no result
 */
export async function runJest({ env, signal }: CheckContext): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-jest-"));
  try {
    const file = join(folder, "result.json");
    const code = await runPackage("jest", ["--json", `--outputFile=${file}`, "--silent"], {
      // ES modules are still behind a flag in jest, and Node warns about the flag.
      nodeArguments: ["--experimental-vm-modules", "--no-warnings=ExperimentalWarning"],
      env,
      signal,
    });
    return count(JSON.parse(await readFile(file, "utf8")) as JestResult, code);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The outcome of a jest run; a run that fails without a failed test is one failure. */
export function count(result: JestResult, exitCode: number): Outcome {
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
  };
}
