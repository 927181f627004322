import { Drain } from "@headroom/exporter/http/drain";
import { listen } from "@headroom/exporter/http/server";
import { createApp, type AppParts } from "../incidents-process.ts";
import { IncidentStore } from "../records/incident-store.ts";
import { incidentsIn } from "./works.ts";

/** The routes on a free port of loopback. */
export interface TestServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the HTTP layer.
 *
 * @param folder - where incidents are kept and runbooks are read
 */
export async function startTestServer(
  folder: string,
  overrides: Partial<AppParts> = {},
): Promise<TestServer> {
  const nothing = (): void => {};
  const parts: AppParts = {
    incidents: incidentsIn(new IncidentStore(folder)),
    refused: nothing,
    runbookOf: () => undefined,
    runbooksFolder: folder,
    metrics: { text: async () => ({ contentType: "text/plain", body: "" }) },
    drain: new Drain(),
    logger: { info: nothing, warn: nothing, error: nothing },
    localNamesOnly: true,
    ...overrides,
  };
  const { server, url } = await listen(createApp(parts), {
    host: "127.0.0.1",
    port: 0,
    requestTimeoutSeconds: 20,
  });
  return { url, close: async () => void (await parts.drain.stop(server, 0)) };
}
