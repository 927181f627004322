import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../places.ts";
import { runVisibly } from "../processes/run-visibly.ts";
import type { CheckContext } from "./check.ts";

const RULES = join("provisioning", "prometheus", "rules");
const CONFIGURATION = join("provisioning", "prometheus", "prometheus.yml");

/** Has promtool read the generated rules. */
export async function checkRules(context: CheckContext): Promise<boolean> {
  return promtool(context, ["check", "rules", ...(await yamlFiles(RULES))]);
}

/** Has promtool read the generated configuration. */
export function checkConfiguration(context: CheckContext): Promise<boolean> {
  return promtool(context, ["check", "config", CONFIGURATION]);
}

async function promtool(context: CheckContext, args: readonly string[]): Promise<boolean> {
  const { env, signal } = context;
  return (await runVisibly(await context.tool("promtool"), args, { cwd: ROOT, env, signal })) === 0;
}

async function yamlFiles(folder: string): Promise<string[]> {
  const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(".yml"));
  if (names.length === 0) throw new Error(`there are no rules in ${folder}; run npm run generate`);
  return names.sort().map((name) => join(folder, name));
}
