import type { Check, CheckContext, Outcome } from "./check.ts";

/**
 * Runs checks one after the other, all of them whatever they find, and prints each one's name,
 * time and result; the last line sums up as `N passed, N failed`.
 *
 * @throws the signal's reason when it ends the run
 */
export async function runChecks(
  checks: readonly Check[],
  context: CheckContext,
  print: (line: string) => void,
): Promise<Outcome> {
  const results: string[] = [];
  let total: Outcome = { passed: 0, failed: 0 };
  for (const check of checks) {
    print(`\n== ${check.name}: ${check.title}`);
    const started = performance.now();
    const outcome = await carryOut(check, context, print);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const line = `${outcome.failed === 0 ? "ok    " : "FAILED"} ${check.name}, ${seconds} s, ${describe(outcome)}`;
    print(line);
    results.push(line);
    total = { passed: total.passed + outcome.passed, failed: total.failed + outcome.failed };
  }
  print(`\n${results.join("\n")}\n`);
  print(describe(total));
  return total;
}

async function carryOut(
  check: Check,
  context: CheckContext,
  print: (line: string) => void,
): Promise<Outcome> {
  try {
    return await check.run(context);
  } catch (error) {
    context.signal.throwIfAborted();
    print(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1 };
  }
}

const describe = ({ passed, failed }: Outcome): string => `${passed} passed, ${failed} failed`;
