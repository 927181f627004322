import type { ChatEngine } from "./chat/engine.ts";
import { openOwnEngine, type OwnModel } from "./chat/own/own-engine.ts";
import { openUpstream, type UpstreamConfig } from "./chat/upstream/upstream.ts";
import type { Logger } from "./http/problem.ts";
import type { ChatMetrics } from "./metrics/chat.ts";

/** Puts together what answers the requests of OpenAI's API: a model server, else the exporter's own model. */
export async function openChatService(
  config: Omit<UpstreamConfig, "upstreamUrl"> & { readonly upstreamUrl?: string | undefined },
  logger: Pick<Logger, "info" | "warn">,
  metrics: Pick<ChatMetrics, "known">,
  model: OwnModel,
): Promise<ChatEngine> {
  const { upstreamUrl } = config;
  if (upstreamUrl === undefined) return openOwnEngine(model, metrics);
  return openUpstream({ ...config, upstreamUrl }, logger, metrics);
}
