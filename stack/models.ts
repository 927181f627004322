import { loadConfig } from "@headroom/exporter/config";
import { CHAT_MODELS, type ChatModel } from "@headroom/exporter/models/catalogue";
import { findChatModel } from "@headroom/exporter/models/find-model";
import { profile } from "@headroom/loadtest/plan/profiles";
import { sizeText } from "@headroom/loadtest/report/format";
import { fetchVisibly } from "./fetch-model.ts";
import type { ProgressStream } from "./progress.ts";

/** A model of the catalogue, and whether its file is in the models folder. */
export interface ListedModel {
  readonly entry: ChatModel;
  readonly here: "yes" | "damaged" | "no";
}

/** What a run without a chat model still does. */
const WITHOUT = "Status answers come from the findings alone.";

/** Looks for every model of the catalogue. No more of a file is read than its header. */
export function listModels(modelsFolder: string): Promise<readonly ListedModel[]> {
  return Promise.all(
    CHAT_MODELS.map(async (entry) => {
      const found = await findChatModel({ wanted: entry.id, modelsFolder });
      if (found.state === "found") return { entry, here: "yes" as const };
      return { entry, here: found.why === "unusable" ? ("damaged" as const) : ("no" as const) };
    }),
  );
}

/** The rows of a table of models, the first one its head. */
export function modelRows(models: readonly ListedModel[]): readonly (readonly string[])[] {
  return [
    ["id", "size", "licence", "languages", "memory from", "here"],
    ...models.map(({ entry, here }) => [
      entry.id,
      entry.sizeBytes === undefined ? "not known" : sizeText(entry.sizeBytes),
      entry.licence.name,
      entry.languages.join(", "),
      `${entry.leastMemoryBytes / 1e9} GB`,
      here,
    ]),
  ];
}

/**
 * The chat model of a run that starts its own exporter, as in HEADROOM_CHAT_MODEL: none for a profile
 * that asks it nothing, so that the figures do not depend on which model is here; else undefined,
 * which leaves it to the environment.
 *
 * @throws RangeError when there is no such profile
 */
export function modelForProfile(name: string): "none" | undefined {
  const { status, chat } = profile(name);
  return status || chat ? undefined : "none";
}

/**
 * The chat model of an exporter before a model server: none of its own, unless the environment says so.
 *
 * @returns as in HEADROOM_CHAT_MODEL; undefined, which leaves it to the environment
 */
export function modelBesideServer(env: NodeJS.ProcessEnv): "none" | undefined {
  return env["HEADROOM_CHAT_MODEL"] ? undefined : "none";
}

/**
 * Fetches the chat model of a run when it is not here, so that the load does not begin while it is
 * still being fetched. A run does without one that cannot be had; a note says why. The simulated
 * engine (HEADROOM_SIMULATE) needs none.
 *
 * @param wanted - as in HEADROOM_CHAT_MODEL, which holds when it is absent
 * @throws ConfigError when one of these variables is wrong
 * @throws the signal's reason
 */
export async function obtainForRun(
  wanted: string | undefined,
  options: {
    readonly signal: AbortSignal;
    readonly env?: NodeJS.ProcessEnv;
    readonly stream?: ProgressStream;
  },
): Promise<void> {
  const { signal, env = process.env, stream = process.stderr } = options;
  const { chatModel, modelsFolder, simulate } = loadConfig({
    HEADROOM_CHAT_MODEL: wanted ?? env["HEADROOM_CHAT_MODEL"],
    HEADROOM_MODELS_FOLDER: env["HEADROOM_MODELS_FOLDER"],
    HEADROOM_SIMULATE: env["HEADROOM_SIMULATE"],
  });
  if (simulate) return;
  const model = await findChatModel({ wanted: chatModel, modelsFolder });
  if (model.state === "found" || model.why === "by choice") return;
  try {
    if (!model.fetchable) throw new Error(model.text);
    await fetchVisibly(model.fetchable, { modelsFolder, signal, stream });
  } catch (error) {
    signal.throwIfAborted();
    stream.write(`Note: ${(error as Error).message} ${WITHOUT}\n`);
  }
}
