import type { Running } from "../progress.ts";
import { TOOLS, type ToolName } from "../tools/catalogue.ts";

/** What a check found. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Said again at the end of all checks. */
  readonly note?: string;
}

/** What every check may use. */
export interface CheckContext extends Running {
  /** Files of the tools, as HEADROOM_K6 and so on, over this process' environment. */
  readonly env: NodeJS.ProcessEnv;
  /** The file of a tool, obtained if need be. */
  tool(name: ToolName): Promise<string>;
}

/** One step of `npm test`. */
export interface Check {
  /** What `--only` takes. */
  readonly name: string;
  readonly title: string;
  /** Whether it needs any of the tools. */
  readonly usesTools?: true;
  /** Whether it begins together with the check before it, which mostly waits. */
  readonly beside?: true;
  /**
   * @returns what it found, or whether all is well
   * @throws Error when it could not be carried out, which counts as one failure
   */
  run(context: CheckContext): Promise<Outcome | boolean>;
}

/**
 * Runs checks one after the other but for those that go beside another, all of them whatever they find, and
 * prints each one's name, time and result; the last line sums up as `N passed, N failed`.
 *
 * @throws the signal's reason when it ends the run
 */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  print: (line: string) => void,
): Promise<Pick<Outcome, "passed" | "failed">> {
  const results: string[] = [];
  const notes: string[] = [];
  let passed = 0;
  let failed = 0;
  const runOne = async (check: Check) => {
    print(`\n== ${check.name}: ${check.title}`);
    const started = performance.now();
    const outcome = await carryOut(check, context, print);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const line = `${outcome.failed === 0 ? "ok    " : "FAILED"} ${check.name}, ${seconds} s, ${describe(outcome)}`;
    print(line);
    results.push(line);
    if (outcome.note) notes.push(`${outcome.note}\n`);
    passed += outcome.passed;
    failed += outcome.failed;
  };
  const running: Promise<void>[] = [];
  for (const check of checks) {
    if (!check.beside) await Promise.all(running.splice(0));
    running.push(runOne(check));
  }
  await Promise.all(running);
  print(`\n${[...notes, ...results].join("\n")}\n`);
  print(describe({ passed, failed }));
  return { passed, failed };
}

async function carryOut(
  check: Check,
  context: CheckContext,
  print: (line: string) => void,
): Promise<Outcome> {
  try {
    const outcome = await check.run(context);
    if (typeof outcome !== "boolean") return outcome;
    return outcome ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  } catch (error) {
    context.signal.throwIfAborted();
    print(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1 };
  }
}

const describe = ({ passed, failed }: Outcome): string => `${passed} passed, ${failed} failed`;

/**
 * The environment of the tests: this process' own without settings that a person left in their
 * shell, and with the files of the tools.
 */
export function testEnvironment(
  env: NodeJS.ProcessEnv,
  tools: Readonly<Partial<Record<ToolName, string>>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => name === "HEADROOM_GPU" || !name.startsWith("HEADROOM_"),
  );
  const files = Object.entries(tools).map(([name, file]) => [
    TOOLS[name as ToolName].variable,
    file,
  ]);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(files) };
}
