import type { Activity } from "../activity.ts";
import type { ToolName } from "../tools/catalogue.ts";

/** What a check found. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

/** What every check may use. */
export interface CheckContext {
  /** Files of the tools, as HEADROOM_K6 and so on, over this process' environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly activity: Activity;
  readonly signal: AbortSignal;
  /** The file of a tool, obtained if need be. */
  tool(name: ToolName): Promise<string>;
}

/** One step of `npm test`. */
export interface Check {
  /** What `--only` takes. */
  readonly name: string;
  readonly title: string;
  /** Whether it needs any of the tools. */
  readonly usesTools?: true;
  /** @throws Error when it could not be carried out, which counts as one failure */
  run(context: CheckContext): Promise<Outcome>;
}

/** The outcome of a step that is passed or failed as a whole. */
export const outcomeOf = (holds: boolean): Outcome =>
  holds ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
