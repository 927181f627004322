import type { ChatEngine } from "./chat/engine.ts";
import { HeadroomError } from "./errors.ts";

/** Puts together what answers the requests of OpenAI's API. */
export function openChatService(): ChatEngine {
  return noEngine;
}

const nobody = (): never => {
  throw new HeadroomError(
    "model_unavailable",
    "There is no model server and no chat model here; set HEADROOM_UPSTREAM_URL or HEADROOM_CHAT_MODEL.",
  );
};

/** Where there is no model server and no chat model. */
const noEngine: ChatEngine = {
  answer: async () => nobody(),
  listModels: async () => nobody(),
  ready: undefined,
  waiting: undefined,
  close: async () => {},
};
