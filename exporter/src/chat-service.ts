import type { ChatEngine } from "./chat/engine.ts";
import { openUpstream, type UpstreamConfig } from "./chat/upstream/upstream.ts";
import { HeadroomError } from "./errors.ts";
import type { Logger } from "./http/problem.ts";
import type { ChatMetrics } from "./metrics/chat.ts";

/** Puts together what answers the requests of OpenAI's API. */
export async function openChatService(
  config: Omit<UpstreamConfig, "upstreamUrl"> & { readonly upstreamUrl?: string | undefined },
  logger: Pick<Logger, "info" | "warn">,
  metrics: Pick<ChatMetrics, "known">,
): Promise<ChatEngine> {
  const { upstreamUrl } = config;
  return upstreamUrl === undefined
    ? noEngine
    : openUpstream({ ...config, upstreamUrl }, logger, metrics);
}

const nobody = (): never => {
  throw new HeadroomError(
    "model_unavailable",
    "There is no model server and no chat model here; set HEADROOM_UPSTREAM_URL or HEADROOM_CHAT_MODEL.",
  );
};

/** Where there is no model server and no chat model. */
export const noEngine: ChatEngine = {
  answer: async () => nobody(),
  listModels: async () => nobody(),
  ready: undefined,
  waiting: undefined,
  close: async () => {},
};
