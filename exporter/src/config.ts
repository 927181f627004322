import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { injectedVariables } from "./config/injected.ts";
import { brokenRules } from "./config/rules.ts";
import { textOf, type SettingText } from "./config/setting.ts";
import { settings } from "./config/settings.ts";
import { unknownVariables } from "./config/unknown.ts";

export { injectedVariables } from "./config/injected.ts";
export { configHelp, configTable } from "./config/text.ts";

/** An environment, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

type Settings = z.output<typeof settings>;

/**
 * The validated settings. Durations are in the unit that their name ends with, sizes in bytes;
 * `workers: 0` leaves the number to the engine.
 */
export type Config = Readonly<Omit<Settings, "model" | "modelsFolder" | "dataFolder">> & {
  /** Absolute path of the GGUF to run. */
  readonly model: string;
  /** Absolute path of the folder for fetched chat models. */
  readonly modelsFolder: string;
  /** Absolute path of the folder for what the exporter writes, such as incidents. */
  readonly dataFolder: string;
};

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

/** Seen from here and from the bundle exporter/dist/main.js alike. */
const EMBEDDED_MODEL = new URL("../models/sentiment/sentiment.gguf", import.meta.url);
const MODELS_FOLDER = new URL("../../.tools/models", import.meta.url);
const DATA_FOLDER = new URL("../../.headroom", import.meta.url);

/**
 * Reads all HEADROOM_* variables into one frozen object. An empty variable counts as not set, and so
 * does one that Kubernetes set for a service (see {@link injectedVariables}).
 *
 * @throws ConfigError that names every wrong value at once
 */
export function loadConfig(environment: Environment): Config {
  const injected = injectedVariables(environment);
  const env = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !injected.includes(name)),
  );
  const problems: string[] = [];
  const found: Record<string, unknown> = {};
  const known: string[] = [];
  for (const [key, schema] of Object.entries(settings.shape)) {
    const text = textOf(schema);
    const written = env[text.variable] || undefined;
    const result = z.safeParse(schema, written);
    if (result.success) found[key] = result.data;
    else problems.push(wrongValue(text, written));
    known.push(text.variable);
  }
  problems.push(...brokenRules(found as Partial<Settings>), ...unknownVariables(env, known));
  if (problems.length > 0) throw new ConfigError(problems);

  const valid = found as Settings;
  const model = valid.model ? resolve(valid.model) : fileURLToPath(EMBEDDED_MODEL);
  const modelsFolder = resolve(valid.modelsFolder ?? fileURLToPath(MODELS_FOLDER));
  const dataFolder = resolve(valid.dataFolder ?? fileURLToPath(DATA_FOLDER));
  return Object.freeze({ ...valid, model, modelsFolder, dataFolder });
}

function wrongValue(text: SettingText, written: string | undefined): string {
  const value = text.secret ? "(hidden)" : JSON.stringify(written);
  return `${text.variable}=${value} is not allowed: give ${text.allowed}`;
}
