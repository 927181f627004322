import type { ProgramState } from "./programs.ts";

/** What a person types on this platform to have a program, without Docker. */
export function installText({ commands }: ProgramState, platform: NodeJS.Platform): string {
  return platform === "darwin" ? commands.mac : commands.linux;
}
