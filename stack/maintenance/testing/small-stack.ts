import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulatedExporter } from "@headroom/loadtest/testing/simulated-exporter";
import { INCIDENTS_PORT, incidentsService } from "../../services.ts";
import { startRuledPrometheus } from "../../ruled-prometheus.ts";
import { makeRunFolder, ROOT } from "../../places.ts";
import { Session } from "../../session.ts";

const PROGRAM = process.env["HEADROOM_PROMETHEUS"] ?? "prometheus";

/** A simulated exporter, an incidents process, and the Prometheus that scrapes both every second. */
export interface SmallStack {
  readonly exporter: string;
  readonly incidents: string;
  readonly prometheus: string;
  /** Asks for the sentiments of new messages; answers of any status will do. */
  ask(requests: number): Promise<void>;
  stopPrometheus(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a small stack in a folder of its own.
 *
 * @param settings - environment variables of the exporter
 * @throws Error with the end of a log when a service does not come up
 */
export async function startSmallStack(
  settings: Readonly<Record<string, string>> = {},
): Promise<SmallStack> {
  const folder = await mkdtemp(join(tmpdir(), "headroom-check-"));
  const exporter = await startSimulatedExporter(settings);
  const session = new Session({
    folder: await makeRunFolder(folder),
    activity: (_title, work) => work(),
    signal: new AbortController().signal,
    say: () => {},
  });
  let asked = 0;
  const stop = async () => {
    await session.stop();
    await exporter.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const port = await session.port("incidents", INCIDENTS_PORT);
    const incidents = `http://127.0.0.1:${port}`;
    const records = incidentsService({ folder: join(folder, "incidents") }, port);
    // From its sources, so that nothing has to be built before.
    const main = join(ROOT, "incidents", "src", "main.ts");
    await session.start({ ...records, args: [main] });
    const prometheus = await startRuledPrometheus(session, PROGRAM, {
      port: await session.port("prometheus", 29_090),
      exporter: exporter.url,
      incidents,
      rules: {},
    });
    return {
      exporter: exporter.url,
      incidents,
      prometheus,
      ask: async (requests) => {
        for (let number = 0; number < requests; number++) await ask(exporter.url, asked++);
      },
      stopPrometheus: () => session.stop(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function ask(url: string, number: number): Promise<void> {
  const messages = ["quiet", "bright", "slow"].map(
    (word) => `a ${word} film with a strong story and a weak ending, take ${number}`,
  );
  await fetch(`${url}/v1/sentiment`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ messages, attribution: "prefix" }),
  });
}
