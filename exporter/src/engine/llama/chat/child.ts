import { HeadroomError } from "../../../errors.ts";
import { ModelProcess } from "../../process/model-process.ts";
import type { ChatLoaded, ChatLoadOptions, FromChat, ToChat } from "./messages.ts";

/** The process of a chat model. */
export type ChatProcess = ModelProcess<ToChat, FromChat>;

/** A model's process that has loaded its model. */
export interface ChatChild {
  readonly child: ChatProcess;
  readonly loaded: ChatLoaded;
}

/** Loading and generating leave its event loop free, so it is never silent for long. */
const SILENCE_SECONDS = 15;

/**
 * Starts a process and has it load a model.
 *
 * @throws HeadroomError `model_failed` when the model cannot be loaded, `model_unavailable` when the
 * process ended meanwhile
 * @throws the signal's reason when it aborts before that; no process is left then
 */
export async function startChatChild(
  options: ChatLoadOptions,
  signal: AbortSignal,
): Promise<ChatChild> {
  signal.throwIfAborted();
  const child: ChatProcess = new ModelProcess({
    source: new URL("./process.ts", import.meta.url),
    bundled: "chat",
  });
  child.watch(SILENCE_SECONDS);
  const kill = () => child.kill("it is not wanted any more");
  signal.addEventListener("abort", kill);
  try {
    child.send({ type: "load", options });
    return { child, loaded: await whenLoaded(child) };
  } catch (error) {
    kill();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", kill);
  }
}

function whenLoaded(child: ChatProcess): Promise<ChatLoaded> {
  return new Promise((resolve, reject) => {
    child.onMessage((message) => {
      if (message.type === "loaded") resolve(message.loaded);
      if (message.type === "failed") reject(new HeadroomError("model_failed", message.message));
    });
    child.onEnd((why) => {
      const text = `The chat model was not loaded: ${why}.`;
      reject(new HeadroomError("model_unavailable", text));
    });
  });
}
