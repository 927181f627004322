import { globSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { inColumns } from "@headroom/loadtest/report/columns";
import { screenOn } from "@headroom/loadtest/report/terminal";
import { ROOT } from "../places.ts";
import { runPackage } from "../processes/run.ts";
import { ImportGraph } from "./imports.ts";
import type { CheckContext, Outcome } from "./run-checks.ts";

/** What is read of jest's own result file. */
export interface JestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even be loaded; they hold no tests that could be counted. */
  readonly numRuntimeErrorTestSuites: number;
  /** One for each file; times in milliseconds. */
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** ES modules are still behind a flag in jest, and Node warns about the flag. */
const JEST_ON_NODE = ["--experimental-vm-modules", "--no-warnings=ExperimentalWarning"];

/** What starts processes: Node's own module, and packages that use it. */
const STARTERS =
  /^(node:)?(child_process|cluster)$|^(playwright-core|systeminformation|node-llama-cpp)(\/|$)/;

const TESTS = ["alerts", "exporter", "grafana-plugin", "incidents", "loadtest", "provisioning"]
  .concat("stack")
  .map((folder) => `${folder}/**/*.test.{ts,tsx}`);

const NAMED = 10;

/** More files than these do not fail because the machine is busy. */
const MOST_AGAIN = 5;

/**
 * Runs every jest test, counts them, and names the slowest files.
 *
 * @throws Error when jest leaves no result
 */
export const runJest = (context: CheckContext): Promise<Outcome> => runTests(context);

/**
 * Runs the tests that start no programs. None of the others can be among them: what could start a
 * program is not run if anything that the test imports can, and else is refused while it runs.
 *
 * @throws Error when jest leaves no result
 */
export function runFastTests(context: CheckContext): Promise<Outcome> {
  const refuse = join(import.meta.dirname, "no-programs.ts");
  // These wait for nobody.
  return runTests(context, ["--setupFiles", refuse], ["--maxWorkers=2"], fastTests(ROOT));
}

/** The test files whose imports, near and far, cannot start a program. */
export function fastTests(root: string): readonly string[] {
  const graph = new ImportGraph(root);
  // What is in browser/ looks at what was built.
  const exclude = (path: string) => /(^|\/)(node_modules|dist|browser)$/.test(path);
  return globSync(TESTS, { cwd: root, exclude }).filter(
    (test) =>
      ![...graph.closure([test])].some((file) =>
        graph.of(file).modules.some((name) => STARTERS.test(name)),
      ),
  );
}

async function runTests(
  context: CheckContext,
  args: readonly string[] = [],
  workers: readonly string[] = [],
  files: readonly string[] = [],
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-jest-"));
  try {
    const first = await jest(context, folder, [...args, ...workers], files);
    const failed = first.result.testResults.filter(({ status }) => status === "failed");
    if (failed.length === 0 || failed.length > MOST_AGAIN) {
      return { ...count(first.result, first.code), note: slowest(first.result) };
    }
    // Beside others a test may wait longer for its program than it allows. What is wrong fails alone too.
    const names = failed.map(({ name }) => relative(ROOT, name));
    const again = `failed beside others and were run again alone: ${names.join(", ")}`;
    console.log(`\n${failed.length} test files ${again}`);
    const second = await jest(context, folder, [...args, "--maxWorkers=1"], names);
    const counted = countWithAgain(first.result, count(second.result, second.code));
    return { ...counted, note: `${slowest(first.result)}\n\nTest files that ${again}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function jest(
  { env, signal }: CheckContext,
  folder: string,
  args: readonly string[],
  files: readonly string[],
): Promise<{ readonly result: JestResult; readonly code: number }> {
  const file = join(folder, "result.json");
  const only = files.length > 0 ? ["--runTestsByPath", ...files] : [];
  const all = ["--json", `--outputFile=${file}`, "--silent", ...args, ...only];
  const code = await runPackage("jest", all, {
    nodeArguments: JEST_ON_NODE,
    // Many tests start our programs, which Node then reads and strips of types once.
    env: { NODE_COMPILE_CACHE: join(folder, "compiled"), ...env },
    signal,
  });
  return { result: JSON.parse(await readFile(file, "utf8")) as JestResult, code };
}

/** The outcome of a jest run; a run that fails without a failed test is one failure. */
export function count(
  result: Omit<JestResult, "testResults">,
  exitCode: number,
): Pick<Outcome, "passed" | "failed"> {
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
  };
}

/** The outcome of a jest run whose failed files were run again: of these, that of the second run. */
export function countWithAgain(
  { numPassedTests, testResults }: Pick<JestResult, "numPassedTests" | "testResults">,
  again: Pick<Outcome, "passed" | "failed">,
): Pick<Outcome, "passed" | "failed"> {
  const before = testResults
    .filter(({ status }) => status === "failed")
    .flatMap(({ assertionResults }) => assertionResults);
  const passedBefore = before.filter(({ status }) => status === "passed").length;
  return { passed: numPassedTests - passedBefore + again.passed, failed: again.failed };
}

/** The ten files that took longest, with their seconds. */
export function slowest({
  testResults,
}: {
  readonly testResults: readonly Pick<
    JestResult["testResults"][number],
    "name" | "startTime" | "endTime"
  >[];
}): string {
  const rows = testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: (endTime - startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, NAMED)
    .map(({ name, seconds }) => [`${seconds.toFixed(1).padStart(6)} s`, relative(ROOT, name)]);
  return `The slowest test files:\n${inColumns(rows, screenOn())}`;
}
