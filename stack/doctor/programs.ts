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

/** Looks for every program that Headroom starts or can be used with; nothing is obtained. */
export async function examinePrograms(places: SearchPlaces): Promise<readonly ProgramState[]> {
  const [tools, others] = await Promise.all([
    Promise.all(Object.values(TOOLS).map(async (tool) => ({ tool, found: await search(tool) }))),
    Promise.all(Object.values(LOOKED_FOR).map(async (program) => stateOf(program, places))),
  ]);
  const go = others.find(({ name }) => name === LOOKED_FOR.go.name);
  const goServes = go?.state === "here" && hasGo(places.env);
  const states = tools.map(({ tool, found }): ProgramState => {
    const how = tool.sources.find(({ kind }) =>
      kind === "go" ? goServes : canInstallFromDebian(places.env),
    );
    // A variable that names a wrong file is never passed over, so nothing is obtained instead.
    const obtainable = how !== undefined && !found.wrongVariable;
    return {
      ...described(tool, found),
      variable: tool.variable,
      ...(!found.file && obtainable && { state: "obtainable", obtainedBy: sourceText(how) }),
    };
  });
  return [...states, ...others];

  async function search(tool: Tool): Promise<Found & { readonly wrongVariable?: true }> {
    try {
      return await findTool(tool, places);
    } catch (error) {
      const rejected = [(error as Error).message.replace(/\.$/, "")];
      return { file: undefined, version: undefined, rejected, wrongVariable: true };
    }
  }
}

async function stateOf(program: Program, places: SearchPlaces): Promise<ProgramState> {
  return described(program, await findProgram(program, places));
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
