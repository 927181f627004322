import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Activity } from "../activity.ts";
import { runQuietly } from "../processes/run-quietly.ts";
import type { Source, Tool } from "./catalogue.ts";
import { isOnPath } from "./find.ts";

type GoSource = Source & { kind: "go" };

/** Whether Go is on PATH. */
export function hasGo(env: NodeJS.ProcessEnv): boolean {
  return isOnPath("go", env);
}

/**
 * Builds a tool from the module that pins it, and puts it into `toolsFolder`. The file appears
 * there complete or not at all.
 *
 * @throws Error with Go's last lines when the build fails
 */
export async function buildWithGo(
  tool: Tool,
  source: GoSource,
  options: {
    readonly modulesFolder: string;
    readonly toolsFolder: string;
    readonly env: NodeJS.ProcessEnv;
    readonly activity: Activity;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { toolsFolder, env, signal } = options;
  await mkdir(toolsFolder, { recursive: true });
  const unfinished = join(toolsFolder, `.${tool.name}.${process.pid}`);
  const args = ["build", "-mod=readonly", "-trimpath", linkerFlags(source), "-o", unfinished];
  const what = `Building ${tool.name} ${source.version} with Go (once, ${source.takes})`;
  try {
    await options.activity(what, () =>
      runQuietly("go", [...args, ...(source.tags ? ["-tags", source.tags] : []), source.package], {
        cwd: join(options.modulesFolder, source.module),
        // GOWORK: a workspace file above the checkout must not change what is built.
        env: { ...env, CGO_ENABLED: "0", GOWORK: "off" },
        signal,
      }),
    );
    await rename(unfinished, join(toolsFolder, tool.name));
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Without symbols, which halves the file. */
function linkerFlags({ versionVariable, version }: GoSource): string {
  return `-ldflags=-s -w${versionVariable ? ` -X ${versionVariable}=${version}` : ""}`;
}
