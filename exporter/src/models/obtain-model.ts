import type { Config } from "../config.ts";
import { fetchChatModel, type FetchProgress } from "./fetch-and-verify.ts";
import { findChatModel, type FoundModel, type MissingModel } from "./find-model.ts";
import { readModelChoice } from "./model-choice.ts";

/** The part of a pino logger that is written to. */
export interface ModelLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** What obtaining needs besides the configuration. */
export interface ObtainOptions {
  readonly logger: ModelLogger;
  readonly signal: AbortSignal;
  /** Only tests look elsewhere. */
  readonly hub?: string;
}

/** So often a download says how far it is. */
const LOG_SECONDS = 10;

/**
 * The configured chat model: found on this machine, or else fetched, which may take minutes and belongs in the
 * background. Nothing that goes wrong here is an error of the exporter, so it is told and not thrown.
 */
export async function obtainChatModel(
  config: Pick<Config, "chatModel" | "chatLanguages" | "modelsFolder">,
  options: ObtainOptions,
): Promise<FoundModel | MissingModel> {
  const find = () =>
    findChatModel({
      wanted: config.chatModel,
      modelsFolder: config.modelsFolder,
      languages: config.chatLanguages,
    });
  const model = await find();
  if (model.state === "found" || !model.fetchable) return model;
  const { fetchable } = model;
  const { logger, signal } = options;
  try {
    await fetchTold(fetchable, config.modelsFolder, options);
    return await find();
  } catch (error) {
    const text = signal.aborted
      ? `Fetching the chat model ${nameOf(fetchable)} was stopped; the next start goes on with it.`
      : (error as Error).message;
    if (!signal.aborted) logger.warn({ model: nameOf(fetchable), reason: text }, "no chat model");
    return { state: "missing", why: "not fetched", text, fetchable };
  }
}

/**
 * Fetches the configured chat model, or checks the hash of the one that is here: for a container that comes
 * before the exporter's. Without a model that can be fetched there is nothing to do.
 *
 * @throws HeadroomError `model_failed` that says what happened, why and what to do
 */
export async function fetchConfigured(
  config: Pick<Config, "chatModel" | "modelsFolder">,
  options: ObtainOptions,
): Promise<void> {
  const choice = readModelChoice(config.chatModel);
  if (choice.kind === "entry" || choice.kind === "address") {
    await fetchTold(choice, config.modelsFolder, options);
  }
}

type Fetchable = NonNullable<MissingModel["fetchable"]>;

const nameOf = (model: Fetchable): string =>
  model.kind === "entry" ? model.entry.id : model.address.uri;

async function fetchTold(
  model: Fetchable,
  modelsFolder: string,
  { logger, signal, hub }: ObtainOptions,
): Promise<void> {
  const name = nameOf(model);
  logger.info({ model: name, folder: modelsFolder }, "fetching the chat model");
  const { path, from, sha256 } = await fetchChatModel(model.kind === "entry" ? model.entry : name, {
    modelsFolder,
    signal,
    onProgress: everySoOften((progress) =>
      logger.info({ model: name, ...progress }, "fetching the chat model"),
    ),
    ...(hub !== undefined && { hub }),
  });
  logger.info({ model: name, path, from, sha256 }, "the chat model is here");
}

function everySoOften(tell: (progress: FetchProgress) => void): (progress: FetchProgress) => void {
  let last = performance.now();
  return (progress) => {
    if (performance.now() - last < LOG_SECONDS * 1000) return;
    last = performance.now();
    tell(progress);
  };
}
