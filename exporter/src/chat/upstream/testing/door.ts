import { createMetrics } from "../../../metrics/metrics.ts";
import { samplesOf } from "../../../metrics/testing/samples.ts";
import type { AppParts } from "../../../http/app.ts";
import { startTestServer, type TestServer } from "../../../http/testing/test-server.ts";
import { chatAdmission } from "../../../http/routes/chat.ts";
import type { Admission } from "../../../http/admission.ts";
import type { ChatEngine } from "../../engine.ts";
import { openUpstream, type UpstreamConfig } from "../upstream.ts";
import type { ScriptedUpstream } from "./scripted-upstream.ts";

/** The exporter's HTTP layer before a model server. */
export interface Door extends TestServer {
  readonly engine: ChatEngine;
  readonly admission: Admission;
  /** Sends a body to a path of OpenAI's API as JSON; strings and bytes go as they are. */
  ask(body: unknown, init?: RequestInit, path?: string): Promise<Response>;
  /** The samples of a scrape that are not 0, of the families whose names begin so. */
  samples(prefix: string): Promise<Readonly<Record<string, number>>>;
}

/** Starts one before this model server. */
export async function startDoor(
  { url }: Pick<ScriptedUpstream, "url">,
  config: Partial<UpstreamConfig> = {},
  parts: Partial<AppParts> = {},
): Promise<Door> {
  const metrics = createMetrics({ version: "test", provider: "upstream" });
  const logger = { info: () => {}, warn: () => {} };
  const engine = await openUpstream(
    {
      upstreamUrl: url,
      upstreamConnectSeconds: 2,
      token: undefined,
      upstreamKey: undefined,
      upstreamModels: undefined,
      ...config,
    },
    logger,
    metrics.chat,
  );
  const admission = chatAdmission(10_000, 40e6);
  const server = await startTestServer({
    chat: engine,
    chatAdmission: admission,
    chatBodyBytes: 40e6,
    chatRequests: metrics.chat,
    token: config.token,
    ...parts,
  });
  return {
    ...server,
    engine,
    admission,
    ask: (body, init, path = "/v1/chat/completions") =>
      fetch(server.url + path, {
        method: "POST",
        body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
        ...init,
        headers: { "Content-Type": "application/json", ...init?.headers },
      }),
    async samples(prefix) {
      const all = await samplesOf(metrics.exposition);
      return Object.fromEntries(
        [...all].filter(([series, value]) => series.startsWith(prefix) && value !== 0),
      );
    },
    async close() {
      metrics.close();
      await engine.close();
      // Kept connections of the test's client need no time to fall silent.
      server.server.closeAllConnections();
      await server.close();
    },
  };
}

/** The body of a request for a chat answer. */
export const chatBody = (fields: object = {}): object => ({
  model: "tiny",
  messages: [{ role: "user", content: "Count to three." }],
  ...fields,
});
