import { runPackage } from "./run-package.ts";

/**
 * Runs ESLint and Prettier over the whole checkout; both, even when the first finds something.
 *
 * @param fix - whether to repair what can be repaired instead of only naming it
 * @returns whether nothing is left to repair
 */
export async function checkStyle(options: {
  readonly fix: boolean;
  readonly signal: AbortSignal;
}): Promise<boolean> {
  const { fix, signal } = options;
  const eslint = await runPackage("eslint", [".", ...(fix ? ["--fix"] : [])], { signal });
  const prettierArguments = [fix ? "--write" : "--check", "--log-level=warn", "."];
  const prettier = await runPackage("prettier", prettierArguments, { signal });
  return eslint === 0 && prettier === 0;
}
