import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { brokenRules } from "./config/rules.ts";
import { readSettings, type Environment } from "./config/setting.ts";
import { settings } from "./config/settings.ts";
import { helpOf, tableOf } from "./config/text.ts";

export { injectedVariables } from "./config/injected.ts";
export { ConfigError, type Environment } from "./config/setting.ts";

/** All variables as plain text for `--help`. */
export const configHelp = (): string => helpOf(settings);

/** All variables as a Markdown table. */
export const configTable = (): string => tableOf(settings);

type Settings = z.output<typeof settings>;

/**
 * The validated settings. Durations are in the unit that their name ends with, sizes in bytes;
 * `workers: 0` leaves the number to the engine.
 */
export type Config = Readonly<Omit<Settings, "model" | "modelsFolder">> & {
  /** Absolute path of the GGUF to run. */
  readonly model: string;
  /** Absolute path of the folder for fetched chat models. */
  readonly modelsFolder: string;
};

/** Seen from here and from the bundle exporter/dist/main.js alike. */
const EMBEDDED_MODEL = new URL("../models/sentiment/sentiment.gguf", import.meta.url);
const MODELS_FOLDER = new URL("../../.tools/models", import.meta.url);

/**
 * Reads all HEADROOM_* variables into one frozen object.
 *
 * @throws ConfigError that names every wrong value at once
 */
export function loadConfig(environment: Environment): Config {
  const valid = readSettings(settings, environment, brokenRules);
  const model = valid.model ? resolve(valid.model) : fileURLToPath(EMBEDDED_MODEL);
  const modelsFolder = resolve(valid.modelsFolder ?? fileURLToPath(MODELS_FOLDER));
  return Object.freeze({ ...valid, model, modelsFolder });
}
