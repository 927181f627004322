import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "../places.ts";
import { runVisibly } from "../processes/run.ts";
import { LOOKED_FOR } from "../tools/catalogue.ts";
import { GO_SETTINGS, hasGo } from "../tools/sources.ts";
import type { CheckContext } from "./run-checks.ts";

const COMPOSE_FILE = join(ROOT, "docker-compose.yml");
const SETTINGS = join(ROOT, ".env.example");
const WORKFLOWS = join(ROOT, ".github", "workflows");

type GoContext = Pick<CheckContext, "env" | "signal">;

/**
 * Has Docker Compose's own library read the compose file with the example's settings; it needs Go,
 * but no Docker.
 *
 * @returns whether the file is right; what is wrong was printed
 * @throws Error that says how to install Go when it is missing
 */
export const checkCompose = (context: GoContext, file = COMPOSE_FILE): Promise<boolean> =>
  runGo(join("stack", "compose"), [".", file, SETTINGS], context);

/**
 * Has actionlint read GitHub's workflows; it needs Go, but no GitHub.
 *
 * @returns whether the workflows are right; what is wrong was printed
 * @throws Error that says how to install Go when it is missing
 */
export async function checkWorkflows(context: GoContext, folder = WORKFLOWS): Promise<boolean> {
  const files = (await readdir(folder)).sort().map((name) => join(folder, name));
  // The same verdict everywhere: without the programs that it would look for.
  const options = ["-no-color", "-shellcheck=", "-pyflakes="];
  const program = "github.com/rhysd/actionlint/cmd/actionlint";
  return runGo(join("stack", "tools", "actionlint"), [program, ...options, ...files], context);
}

/** Builds and runs a Go program of a module of this checkout; true when it exits 0. */
async function runGo(
  module: string,
  args: readonly string[],
  { env, signal }: GoContext,
): Promise<boolean> {
  if (!hasGo(env)) throw new Error(goIsMissing());
  const code = await runVisibly("go", ["run", "-mod=readonly", ...args], {
    cwd: join(ROOT, module),
    env: { ...env, ...GO_SETTINGS },
    signal,
  });
  return code === 0;
}

/** What to do where Go is missing. */
export function goIsMissing(): string {
  const { mac, linux } = LOOKED_FOR.go.commands;
  return [
    "Go is missing; it runs what reads the compose file, the manifests and the workflows. Install it, then try again:",
    `  macOS:   ${mac}`,
    `  Linux:   ${linux}`,
  ].join("\n");
}
