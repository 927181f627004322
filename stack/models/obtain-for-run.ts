import { loadConfig } from "@headroom/exporter/config";
import { findChatModel } from "@headroom/exporter/models/find-model";
import type { ProgressStream } from "../activity.ts";
import { fetchVisibly } from "./fetch-visibly.ts";

/** What a run without a chat model still does. */
const WITHOUT = "Status answers come from the findings alone.";

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
    readonly env: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
    readonly stream: ProgressStream;
  },
): Promise<void> {
  const { env, signal, stream } = options;
  const { chatModel, modelsFolder, simulate } = loadConfig({
    HEADROOM_CHAT_MODEL: wanted ?? env["HEADROOM_CHAT_MODEL"],
    HEADROOM_MODELS_FOLDER: env["HEADROOM_MODELS_FOLDER"],
    HEADROOM_SIMULATE: env["HEADROOM_SIMULATE"],
  });
  if (simulate) return;
  const model = await findChatModel({ wanted: chatModel, modelsFolder });
  if (model.state === "found" || model.why === "by choice") return;
  const note = (text: string) => stream.write(`Note: ${text} ${WITHOUT}\n`);
  if (!model.fetchable) {
    note(model.text);
    return;
  }
  try {
    await fetchVisibly(model.fetchable, { modelsFolder, signal, stream });
  } catch (error) {
    signal.throwIfAborted();
    note(error instanceof Error ? error.message : String(error));
  }
}
