import { execFile } from "node:child_process";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { inconsistencies, type Resource } from "../kubernetes/consistency.ts";
import { ROOT } from "../places.ts";
import { GO_SETTINGS, hasGo } from "../tools/sources.ts";
import { goIsMissing } from "./compose.ts";
import type { CheckContext } from "./run-checks.ts";

const CRDS = join(ROOT, "stack", "kubernetes", "crds");

/** The folders of `deploy/kubernetes` that a team may take as they are. */
export const OVERLAYS = ["cpu", "nvidia", "gateway"].map((name) =>
  join(ROOT, "deploy", "kubernetes", "overlays", name),
);

/**
 * Builds the overlays as Kustomize does, holds every resource against its type, and looks whether they fit
 * together; it needs Go, but no cluster. `npm run kubernetes:check` asks a real API server.
 *
 * @returns whether they are right; what is wrong was printed
 * @throws Error that says how to install Go when it is missing
 */
export async function checkManifests(
  { env, signal }: Pick<CheckContext, "env" | "signal">,
  overlays: readonly string[] = OVERLAYS,
): Promise<boolean> {
  if (!hasGo(env)) throw new Error(goIsMissing());
  const program = ["run", "-mod=readonly", "-trimpath", "./manifests", CRDS];
  const built = await promisify(execFile)("go", [...program, ...overlays], {
    cwd: join(ROOT, "stack", "tools", "kubernetes"),
    env: { ...env, ...GO_SETTINGS },
    signal,
    maxBuffer: 64e6,
  }).catch((error: Error & { readonly stderr?: string }) => {
    signal.throwIfAborted();
    console.error(error.stderr?.trim() || error.message);
    return undefined;
  });
  if (!built) return false;
  let holds = true;
  for (const [folder, resources] of Object.entries(
    JSON.parse(built.stdout) as Record<string, readonly Resource[]>,
  )) {
    const problems = inconsistencies(resources);
    console.log(`${relative(ROOT, folder)}: ${resources.length} resources`);
    for (const problem of problems) console.error(`  ${problem}`);
    holds &&= problems.length === 0;
  }
  return holds;
}
