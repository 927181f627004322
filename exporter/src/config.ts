import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";
import { type Limit, REFERENCE_MEMORY_BYTES } from "@headroom/alerts/limits";
import { limitsFromFile } from "@headroom/alerts/limits-file";
import { helpOf, readSettings, tableOf, type Environment } from "./config/setting.ts";
import { settings } from "./config/settings.ts";
import type { PlanOverrides } from "./hardware/plan.ts";
import { openToOthers } from "./loopback.ts";

export { ConfigError, type Environment } from "./config/setting.ts";
export { injectedVariables } from "./config/variable-names.ts";

/** All variables as plain text for `--help`. */
export const configHelp = (): string => helpOf(settings);

/** All variables as a Markdown table. */
export const configTable = (): string => tableOf(settings);

type Settings = z.output<typeof settings>;

/**
 * The validated settings. Durations are in the unit that their name ends with, sizes in bytes;
 * `workers: 0` leaves the number to the engine.
 */
export type Config = Readonly<Omit<Settings, "model" | "modelsFolder" | "limitsFile">> & {
  /** Absolute path of the GGUF to run. */
  readonly model: string;
  /** Absolute path of the folder for fetched chat models. */
  readonly modelsFolder: string;
  /** For a machine with as much memory as there is, and with those of the limits' file. */
  readonly limits: readonly Limit[];
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
  const { limitsFile, ...valid } = readSettings(settings, environment, brokenRules);
  const model = valid.model ? resolve(valid.model) : fileURLToPath(EMBEDDED_MODEL);
  const modelsFolder = resolve(valid.modelsFolder ?? fileURLToPath(MODELS_FOLDER));
  const limits = limitsFromFile(valid.memoryBytes, limitsFile);
  return Object.freeze({ ...valid, model, modelsFolder, limits });
}

/** What is wrong with settings that are right one by one but not together. */
function brokenRules(found: Partial<Settings>): string[] {
  const problems = openToOthers("HEADROOM", found);
  const { model, modelPositive, modelNegative, upstreamUrl, token, metricsToken } = found;
  if (metricsToken !== undefined && (token === undefined || token === metricsToken)) {
    problems.push(
      "HEADROOM_METRICS_TOKEN is for /metrics beside HEADROOM_TOKEN for the rest: set that one too, " +
        "and another than this",
    );
  }
  if (upstreamUrl !== undefined && new URL(upstreamUrl).username !== "") {
    problems.push(
      "HEADROOM_UPSTREAM_URL holds a name or a password, which would not be sent: " +
        "leave them out, and set HEADROOM_UPSTREAM_KEY where the model server asks for a key",
    );
  }
  if ((modelPositive === undefined) !== (modelNegative === undefined)) {
    problems.push("HEADROOM_MODEL_POSITIVE and HEADROOM_MODEL_NEGATIVE: set both or neither");
  } else if (modelPositive !== undefined && modelPositive === modelNegative) {
    problems.push("HEADROOM_MODEL_POSITIVE and HEADROOM_MODEL_NEGATIVE must differ");
  }
  if (model !== undefined && !found.simulate && !isFile(model)) {
    problems.push(
      `HEADROOM_MODEL=${JSON.stringify(model)} is not a file that can be read: ` +
        "give the path of a GGUF file, or leave it out for the embedded model",
    );
  }
  try {
    limitsFromFile(REFERENCE_MEMORY_BYTES, found.limitsFile);
  } catch (error) {
    problems.push(`HEADROOM_LIMITS_FILE: ${(error as Error).message}`);
  }
  return problems;
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The values of the chat model's plan that the configuration sets (HEADROOM_CHAT_*). */
export function planOverrides(config: Config): PlanOverrides {
  return {
    gpuLayers: config.chatGpuLayers,
    threads: config.chatThreads,
    contextSize: config.chatContext,
    batchSize: config.chatBatch,
    sequences: config.chatSequences,
    mmap: config.chatMmap,
    mlock: config.chatMlock,
    ropeScale: config.chatRopeScale,
  };
}
