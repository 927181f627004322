import { z } from "zod";
import { injectedVariables, unknownVariables } from "./variable-names.ts";

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

/** The allowed values are those that the type describes, where nothing else is said. */
type GivenText = Omit<SettingText, "allowed"> & { readonly allowed?: string };

const texts = z.registry<SettingText>();

/** A setting that always has a value: the variable's, else the text's default. */
export function setting<T>(
  type: z.ZodType<T, string>,
  text: GivenText & { readonly default: string },
): z.ZodType<T, string | undefined> {
  return type.prefault(text.default).register(texts, withAllowed(type, text));
}

/** A setting that may be absent. */
export function optionalSetting<T>(
  type: z.ZodType<T, string>,
  text: Omit<GivenText, "default">,
): z.ZodType<T | undefined, string | undefined> {
  return type.optional().register(texts, withAllowed(type, text));
}

function withAllowed(type: z.ZodType, text: GivenText): SettingText {
  return { allowed: type.description ?? "", ...text };
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

type Settings = Readonly<Record<string, z.ZodType>>;

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
  const shape = settings.shape as unknown as Settings;
  for (const [key, schema] of Object.entries(shape)) {
    const text = textOf(schema);
    const written = env[text.variable] || undefined;
    const result = schema.safeParse(written);
    if (result.success) found[key] = result.data;
    else problems.push(wrongValue(text, written));
  }
  const known = Object.values(shape).map((schema) => textOf(schema).variable);
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

/** All variables as plain text for `--help`, two lines each. */
export function helpOf(settings: z.ZodObject<Settings>): string {
  const lines = Object.values(settings.shape).map((schema) => {
    const text = textOf(schema);
    const fallback = text.default === undefined ? "" : `; default ${text.default}`;
    return `  ${text.variable} (${text.allowed}${fallback})\n      ${text.description}`;
  });
  return `Environment variables:\n${lines.join("\n")}\n`;
}

/** All variables as a Markdown table. */
export function tableOf(settings: z.ZodObject<Settings>): string {
  const rows = Object.values(settings.shape).map((schema) => {
    const text = textOf(schema);
    const code = (value: string | undefined) => (value === undefined ? "" : `\`${value}\``);
    return [code(text.variable), code(text.default), text.allowed, text.description];
  });
  const header = ["Variable", "Default", "Allowed", "What it does"];
  return [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`)
    .join("");
}
