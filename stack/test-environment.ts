import { TOOLS, type ToolName } from "./tools/catalogue.ts";

/**
 * The environment of the tests: this process' own without settings that a person left in their
 * shell, and with the files of the tools.
 */
export function testEnvironment(
  env: NodeJS.ProcessEnv,
  tools: Readonly<Partial<Record<ToolName, string>>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => name === "HEADROOM_GPU" || !name.startsWith("HEADROOM_"),
  );
  const files = Object.entries(tools).map(([name, file]) => [
    TOOLS[name as ToolName].variable,
    file,
  ]);
  return { ...Object.fromEntries(kept), ...Object.fromEntries(files) };
}
