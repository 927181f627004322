import { canInstallFromDebian, hasGo } from "../tools/sources.ts";
import { LOOKED_FOR, type Program, type Source, type Tool, TOOLS } from "../tools/catalogue.ts";
import { findProgram, findTool, type Found, type SearchPlaces } from "../tools/find.ts";

/** A program, and whether it is here. */
export interface ProgramState extends Pick<Program, "name" | "purpose" | "neededBy" | "commands"> {
  /** Obtainable: not here, but the command that needs it gets it by itself. */
  readonly state: "here" | "obtainable" | "missing";
  readonly file?: string;
  /** Its first two numbers, such as `2.42`. */
  readonly version?: string;
  /** Files that were passed over, each with the reason. */
  readonly rejected: readonly string[];
  /** How it would be obtained. */
  readonly obtainedBy?: string;
  /** Environment variable that may name its file. */
  readonly variable?: string;
}

/** What a person types on this platform to have a program, without Docker. */
export function installText({ commands }: ProgramState, platform: NodeJS.Platform): string {
  return platform === "darwin" ? commands.mac : commands.linux;
}

/** Looks for every program that Headroom starts or can be used with; nothing is obtained. */
export async function examinePrograms(places: SearchPlaces): Promise<readonly ProgramState[]> {
  const others = await Promise.all(
    Object.values(LOOKED_FOR).map(async (program: Program) =>
      described(program, await findProgram(program, places)),
    ),
  );
  const go = others.find(({ name }) => name === LOOKED_FOR.go.name);
  const goServes = go?.state === "here" && hasGo(places.env);
  const serves = ({ kind }: Source) =>
    kind === "go" ? goServes : canInstallFromDebian(places.env);
  const tools = await Promise.all(
    Object.values(TOOLS).map((tool: Tool) => examineTool(tool, places, serves)),
  );
  return [...tools, ...others];
}

async function examineTool(
  tool: Tool,
  places: SearchPlaces,
  serves: (source: Source) => boolean,
): Promise<ProgramState> {
  const { variable } = tool;
  try {
    const found = await findTool(tool, places);
    const state = { ...described(tool, found), variable };
    const source = tool.sources.find(serves);
    if (found.file || !source) return state;
    return { ...state, state: "obtainable", obtainedBy: sourceText(source) };
  } catch (error) {
    // Its variable names a wrong file, which is never passed over: nothing is obtained instead.
    const rejected = [(error as Error).message.replace(/\.$/, "")];
    return { ...described(tool, { file: undefined, version: undefined, rejected }), variable };
  }
}

function described(
  { name, purpose, neededBy, commands }: Program,
  { file, version, rejected }: Found,
): ProgramState {
  return {
    name,
    purpose,
    ...(neededBy && { neededBy }),
    state: file === undefined ? "missing" : "here",
    ...(file !== undefined && { file }),
    ...(version && { version: version.join(".") }),
    rejected,
    commands,
  };
}

function sourceText(source: Source): string {
  return source.kind === "go"
    ? `built with Go, ${source.takes}`
    : `Debian package ${source.package}`;
}
