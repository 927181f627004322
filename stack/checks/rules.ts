import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../places.ts";
import { runVisibly } from "../processes/run-visibly.ts";
import type { CheckContext } from "./check.ts";

const RULES = join("provisioning", "prometheus", "rules");
const PROMETHEUS = join("provisioning", "prometheus", "prometheus.yml");
const ALERTMANAGER = join("provisioning", "alertmanager", "alertmanager.yml");

/** Has promtool read the generated rules. */
export async function checkRules(context: CheckContext): Promise<boolean> {
  return accepts(context, "promtool", ["check", "rules", ...(await yamlFiles(RULES))]);
}

/** Has promtool and amtool read the generated configurations; both, even when one is wrong. */
export async function checkConfiguration(context: CheckContext): Promise<boolean> {
  const prometheus = await accepts(context, "promtool", ["check", "config", PROMETHEUS]);
  const alertmanager = await accepts(context, "amtool", ["check-config", ALERTMANAGER]);
  return prometheus && alertmanager;
}

async function accepts(
  context: CheckContext,
  tool: "promtool" | "amtool",
  args: readonly string[],
): Promise<boolean> {
  const { env, signal } = context;
  return (await runVisibly(await context.tool(tool), args, { cwd: ROOT, env, signal })) === 0;
}

async function yamlFiles(folder: string): Promise<string[]> {
  const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(".yml"));
  if (names.length === 0) throw new Error(`there are no rules in ${folder}; run npm run generate`);
  return names.sort().map((name) => join(folder, name));
}
