import type { Tool } from "./catalogue.ts";

/** What to tell a person whose machine lacks a tool: why, and what to type. */
export function instructions(
  tool: Tool,
  rejected: readonly string[],
  attempts: readonly string[],
): string {
  const { mac, linux, docker } = tool.commands;
  const buildable = tool.sources.some(({ kind }) => kind === "go");
  return [
    `${tool.name} ${tool.oldest.join(".")} or newer is missing; it ${tool.purpose}.`,
    ...rejected.map((line) => `  passed over ${line}`),
    ...attempts.map((line) => `  ${line}`),
    "Install it, then try again:",
    `  macOS:   ${mac}`,
    `  Linux:   ${linux}`,
    ...(buildable ? ["  any:     install Go from https://go.dev/dl/; it is then built here"] : []),
    `  Docker:  ${docker}`,
    `Or name the program's file in ${tool.variable}.`,
  ].join("\n");
}
