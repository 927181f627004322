import { join } from "node:path";
import { ROOT } from "../places.ts";
import { runVisibly } from "../processes/run.ts";
import { LOOKED_FOR } from "../tools/catalogue.ts";
import { GO_SETTINGS, hasGo } from "../tools/sources.ts";
import type { CheckContext } from "./run-checks.ts";

const COMPOSE_FILE = join(ROOT, "docker-compose.yml");
const SETTINGS = join(ROOT, ".env.example");

/**
 * Has Docker Compose's own library read the compose file with the example's settings; it needs Go,
 * but no Docker.
 *
 * @returns whether the file is right; what is wrong was printed
 * @throws Error that says how to install Go when it is missing
 */
export async function checkCompose(
  { env, signal }: Pick<CheckContext, "env" | "signal">,
  file = COMPOSE_FILE,
): Promise<boolean> {
  if (!hasGo(env)) throw new Error(goIsMissing());
  const code = await runVisibly("go", ["run", "-mod=readonly", ".", file, SETTINGS], {
    cwd: join(ROOT, "stack", "compose"),
    env: { ...env, ...GO_SETTINGS },
    signal,
  });
  return code === 0;
}

function goIsMissing(): string {
  const { mac, linux } = LOOKED_FOR.go.commands;
  return [
    "Go is missing; it runs the library that reads the compose file. Install it, then try again:",
    `  macOS:   ${mac}`,
    `  Linux:   ${linux}`,
  ].join("\n");
}
