import { z } from "zod";
import { unknownVariables } from "./unknown.ts";
import { injectedVariables } from "./injected.ts";

/** An environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the help, the documents and an error say about one environment variable. */
export interface SettingText {
  /** Name of the environment variable. */
  readonly variable: string;
  /** The allowed values, in words. */
  readonly allowed: string;
  /** The value used when the variable is not set, as a user would write it; undefined when none. */
  readonly default?: string;
  /** One line: what it does. */
  readonly description: string;
  /** Secret values are never printed. */
  readonly secret?: true;
}

const texts = z.registry<SettingText>();

/** A setting that always has a value: the variable's, else the text's default. */
export function setting<T>(
  type: z.ZodType<T, string>,
  text: SettingText & { readonly default: string },
): z.ZodType<T, string | undefined> {
  return type.prefault(text.default).register(texts, text);
}

/** A setting that may be absent. */
export function optionalSetting<T>(
  type: z.ZodType<T, string>,
  text: Omit<SettingText, "default">,
): z.ZodType<T | undefined, string | undefined> {
  return type.optional().register(texts, text);
}

/**
 * The text of a setting.
 *
 * @throws Error when the schema was not made by {@link setting} or {@link optionalSetting}
 */
export function textOf(schema: z.ZodType): SettingText {
  const text = texts.get(schema);
  if (!text) throw new Error("this schema is not a setting: make it with setting()");
  return text;
}

/** The environment is wrong; the message names every problem, and the start should exit with 2. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    super(`The configuration is wrong:\n${list}\n--help lists every variable.`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/**
 * Reads the variables of a program. An empty one counts as not set, and so does one that Kubernetes
 * set for a service (see {@link injectedVariables}).
 *
 * @param broken - what is wrong with values that are right one by one but not together
 * @throws ConfigError that names every wrong value at once
 */
export function readSettings<S extends z.ZodRawShape>(
  settings: z.ZodObject<S>,
  environment: Environment,
  broken: (found: Partial<z.output<z.ZodObject<S>>>) => string[],
): z.output<z.ZodObject<S>> {
  const injected = injectedVariables(environment);
  const env = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !injected.includes(name)),
  );
  const problems: string[] = [];
  const found: Record<string, unknown> = {};
  const known: string[] = [];
  for (const [key, schema] of Object.entries(
    settings.shape as Readonly<Record<string, z.core.$ZodType>> as Record<string, z.ZodType>,
  )) {
    const text = textOf(schema);
    const written = env[text.variable] || undefined;
    const result = z.safeParse(schema, written);
    if (result.success) found[key] = result.data;
    else problems.push(wrongValue(text, written));
    known.push(text.variable);
  }
  problems.push(
    ...broken(found as Partial<z.output<z.ZodObject<S>>>),
    ...unknownVariables(env, known),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return found as z.output<z.ZodObject<S>>;
}

function wrongValue(text: SettingText, written: string | undefined): string {
  const value = text.secret ? "(hidden)" : JSON.stringify(written);
  return `${text.variable}=${value} is not allowed: give ${text.allowed}`;
}
