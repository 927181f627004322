import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { ggufProblem } from "../engine/llama/model-files.ts";
import type { Language } from "../language.ts";
import { CHAT_MODELS, type ChatModel } from "./catalogue.ts";
import { type ModelChoice, readModelChoice } from "./model-choice.ts";

/** A chat model that is on this machine. */
export interface FoundModel {
  readonly state: "found";
  /** Absolute path of the GGUF file. */
  readonly path: string;
  /** Of the catalogue, or else the file's name. */
  readonly id: string;
  /** The languages that it may be asked in. */
  readonly languages: readonly Language[];
  readonly entry?: ChatModel;
}

/** Why there is no chat model. */
export interface MissingModel {
  readonly state: "missing";
  readonly why: "by choice" | "not here" | "unusable" | "not fetched";
  /** What is missing and what to do next, in a sentence or two. */
  readonly text: string;
  /** What could be fetched to have it. */
  readonly fetchable?: ModelChoice & { readonly kind: "entry" | "address" };
}

/** Where to look for which model. */
export interface FindOptions {
  /** See HEADROOM_CHAT_MODEL. */
  readonly wanted: string;
  readonly modelsFolder: string;
  /** Instead of what the catalogue says. */
  readonly languages?: readonly Language[] | undefined;
}

/** Most chat models speak it; nothing more can be known about a file that is not in the catalogue. */
const UNKNOWN_MODEL_LANGUAGES: readonly Language[] = ["en"];

/**
 * Looks for the wanted chat model on this machine: no network, and no more of the file is read than
 * its header. The hash is checked when a file is fetched, and again by `npm run model -- get`.
 */
export async function findChatModel(options: FindOptions): Promise<FoundModel | MissingModel> {
  const choice = readModelChoice(options.wanted);
  switch (choice.kind) {
    case "none":
      return missing(
        "by choice",
        "HEADROOM_CHAT_MODEL=none: no chat model is used. Leave it out to have one.",
      );
    case "path":
      return findFile(choice.path, options);
    case "entry":
    case "address":
      return findFetched(choice, options);
  }
}

async function findFile(path: string, options: FindOptions): Promise<FoundModel | MissingModel> {
  if ((await sizeOf(path)) === undefined) {
    const ids = CHAT_MODELS.map(({ id }) => id).join(", ");
    return missing(
      "not here",
      `There is no chat model at ${path}. Give the path of a GGUF file, an hf: address, or one of ${ids}.`,
    );
  }
  const problem = await ggufProblem(path);
  if (problem !== undefined) {
    return missing("unusable", `${path} ${problem}. Give the path of a GGUF file that is whole.`);
  }
  return found(path, options);
}

async function findFetched(
  choice: ModelChoice & { readonly kind: "entry" | "address" },
  options: FindOptions,
): Promise<FoundModel | MissingModel> {
  const path = join(options.modelsFolder, choice.address.fileName);
  const entry = choice.kind === "entry" ? choice.entry : undefined;
  const name = entry?.id ?? choice.address.uri;
  const next = `Fetch it with "npm run model -- get ${name}", or put the file at ${path}.`;
  const size = await sizeOf(path);
  if (size === undefined) {
    return missing("not here", `The chat model ${name} is not on this machine. ${next}`, choice);
  }
  const problem =
    entry?.sizeBytes !== undefined && entry.sizeBytes !== size
      ? `has ${size} bytes instead of ${entry.sizeBytes}`
      : await ggufProblem(path);
  if (problem !== undefined) {
    return missing("unusable", `The chat model ${path} ${problem}. ${next}`, choice);
  }
  return found(path, options, entry);
}

function found(path: string, { languages }: FindOptions, entry?: ChatModel): FoundModel {
  return {
    state: "found",
    path,
    id: entry?.id ?? basename(path).replace(/\.gguf$/i, ""),
    languages: languages ?? entry?.languages ?? UNKNOWN_MODEL_LANGUAGES,
    ...(entry && { entry }),
  };
}

function missing(
  why: MissingModel["why"],
  text: string,
  fetchable?: MissingModel["fetchable"],
): MissingModel {
  return { state: "missing", why, text, ...(fetchable && { fetchable }) };
}

/** Undefined when there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : undefined;
}
