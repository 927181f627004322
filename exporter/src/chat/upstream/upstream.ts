import type { Config } from "../../config.ts";
import type { ProblemCode } from "../../errors.ts";
import type { Logger } from "../../http/problem.ts";
import { CHAT_PATHS } from "../../http/routes/chat.ts";
import { type ChatMetrics, OTHER_MODEL } from "../../metrics/chat.ts";
import type { ChatEngine, Exchange } from "../engine.ts";
import { UpstreamClient, UpstreamProblem } from "./client.ts";
import { type Credentials, requestHeaders } from "./headers.ts";
import { askForModels, UpstreamHealth } from "./health.ts";
import { relay } from "./relay.ts";
import { readFields } from "./request-fields.ts";

/** What of the configuration is about the model server. */
export type UpstreamConfig = Pick<
  Config,
  "token" | "upstreamKey" | "upstreamModels" | "upstreamConnectSeconds"
> & { readonly upstreamUrl: string };

/** Opens the way to a model server, whether it is there or not. */
export async function openUpstream(
  config: UpstreamConfig,
  logger: Pick<Logger, "info" | "warn">,
  metrics: Pick<ChatMetrics, "known">,
): Promise<ChatEngine> {
  const { upstreamUrl, upstreamKey: key, upstreamModels = [], token } = config;
  const client = new UpstreamClient(upstreamUrl, config.upstreamConnectSeconds);
  const credentials: Credentials = {
    own: key === undefined ? undefined : `Bearer ${key}`,
    hasToken: token !== undefined,
  };
  let models: ReadonlySet<string> = new Set();
  const know = (names: readonly string[]) => {
    models = new Set(names);
    metrics.known(names);
  };
  know(upstreamModels);
  let inFlight = 0;
  const health = await UpstreamHealth.open({
    client,
    headers: requestHeaders({ rawHeaders: [], headers: {} }, credentials),
    logger,
    inFlight: () => inFlight,
    knowsModels: upstreamModels.length > 0,
    onModels: know,
  });

  /** Notes what a request says of the model server. */
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    inFlight += 1;
    try {
      return await work();
    } catch (error) {
      if (error instanceof UpstreamProblem && error.reason === "unreachable") {
        health.lost(error.message);
      }
      throw error;
    } finally {
      inFlight -= 1;
    }
  };

  async function ask({ operation, req, body, ...to }: Exchange): Promise<void> {
    const { meter, signal } = to;
    const { model, stream } = await readFields(body);
    meter.model = model !== undefined && models.has(model) ? model : OTHER_MODEL;
    meter.streamed = stream && operation !== "embeddings";
    const headers = requestHeaders(req, credentials);
    const path = CHAT_PATHS[operation];
    const incoming = await client.send({ method: "POST", path, headers, body, signal });
    health.seen();
    await relay(incoming, { ...to, seen: health.seen });
  }

  return {
    answer: (exchange) =>
      watched(async () => {
        const { meter, signal } = exchange;
        signal.addEventListener("abort", () => {
          const { code } = signal.reason as { readonly code?: ProblemCode };
          if (code === "deadline_exceeded") meter.upstreamError = "timeout";
        });
        try {
          await ask(exchange);
        } catch (error) {
          if (error instanceof UpstreamProblem) meter.upstreamError = error.reason;
          throw error;
        }
      }),
    listModels: (res, signal) =>
      watched(async () => {
        const list = await askForModels(client, requestHeaders(res.req, credentials), signal);
        health.seen();
        res.writeHead(list.status, [...list.headers]).end(list.body);
      }),
    get ready() {
      return health.isUp;
    },
    waiting: undefined,
    async close() {
      health.close();
      client.close();
    },
  };
}
