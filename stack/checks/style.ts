import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../places.ts";
import { runPackage } from "../processes/run.ts";

/** The whole project, and what runs in k6 or a browser and so has types of its own. */
const PROJECTS = [".", "loadtest", "grafana-plugin", "exporter/page"];

/** What has not changed since the last time is not read again; git ignores it. */
const CACHE = join(ROOT, ".tools", "cache");

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
  const cached = (name: string) => [
    ...["--cache", "--cache-strategy", "content"],
    ...["--cache-location", join(CACHE, name)],
  ];
  const eslint = [".", ...cached("eslint"), ...(fix ? ["--fix"] : [])];
  const prettier = [fix ? "--write" : "--check", "--log-level=warn", ...cached("prettier"), "."];
  const clean = (await runPackage("eslint", eslint, { signal })) === 0;
  return (await runPackage("prettier", prettier, { signal })) === 0 && clean;
}

/** Checks the types of every project; all of them, even when one has mistakes. */
export async function checkTypes(signal: AbortSignal): Promise<boolean> {
  let holds = true;
  for (const project of PROJECTS) {
    if (!existsSync(join(ROOT, project, "tsconfig.json"))) continue;
    const known = join(CACHE, `types-${project === "." ? "all" : project.replace("/", "-")}.json`);
    const args = ["-p", project, "--incremental", "--tsBuildInfoFile", known];
    holds = (await runPackage(["typescript", "tsc"], args, { signal })) === 0 && holds;
  }
  return holds;
}
