import { inColumns } from "../columns.ts";
import { installText } from "./install-text.ts";
import type { ProgramState } from "./programs.ts";

/** The programs as a table, what was passed over, and how to get what is missing. */
export function programsText(
  programs: readonly ProgramState[],
  platform: NodeJS.Platform,
): readonly string[] {
  const rows = programs.map((program) => [
    program.name,
    program.version ?? (program.state === "missing" ? "missing" : "not here"),
    program.neededBy ?? "optional",
    program.purpose,
    program.file ?? program.obtainedBy ?? "",
  ]);
  const absent = programs.filter(({ state }) => state !== "here");
  const obtainable = absent.filter(({ state }) => state === "obtainable").map(({ name }) => name);
  return [
    inColumns([["name", "version", "needed by", "what it does", "file, or how it comes"], ...rows]),
    ...programs.flatMap(({ rejected }) => rejected.map((text) => `Passed over: ${text}.`)),
    ...(absent.length === 0
      ? []
      : ["", "To install what is not here:", toInstall(absent, platform)]),
    ...(obtainable.length === 0
      ? []
      : ["", `To have ${obtainable.join(", ")}: npm run doctor -- --install`]),
  ];
}

function toInstall(absent: readonly ProgramState[], platform: NodeJS.Platform): string {
  const here = platform === "darwin" ? "macOS" : "Linux";
  return inColumns([
    ["name", here, "with Docker"],
    ...absent.map((program) => [
      program.name,
      installText(program, platform),
      program.commands.docker,
    ]),
  ]);
}
