import { openOwnEngine, type OwnModel } from "./chat/own/own-engine.ts";
import type { ChatEngine } from "./chat/engine.ts";
import type { ChatMetrics } from "./metrics/chat.ts";

/** Puts together what answers the requests of OpenAI's API. */
export function openChatService(metrics: ChatMetrics, model: OwnModel): ChatEngine {
  return openOwnEngine(model, metrics);
}
