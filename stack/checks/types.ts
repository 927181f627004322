import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../places.ts";
import { runPackage } from "./run-package.ts";

/** The whole project, and what runs in k6 or a browser and so has types of its own. */
const PROJECTS = [".", "loadtest", "grafana-plugin"];

/** Checks the types of every project; all of them, even when one has mistakes. */
export async function checkTypes(signal: AbortSignal): Promise<boolean> {
  let holds = true;
  for (const project of PROJECTS) {
    if (!existsSync(join(ROOT, project, "tsconfig.json"))) continue;
    const code = await runPackage(["typescript", "tsc"], ["-p", project], { signal });
    holds &&= code === 0;
  }
  return holds;
}
