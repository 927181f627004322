import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRun } from "@headroom/incidents/runbook-in-run";
import { modelServer, UPSTREAM_PORT } from "../drill/model-server.ts";
import { makeRunFolder, ROOT } from "../places.ts";
import {
  EXPORTER_PORT,
  exporterService,
  INCIDENTS_PORT,
  incidentsService,
  PROMETHEUS_PORT,
  REDIS_PORT,
  redisService,
} from "../services.ts";
import { startRuledPrometheus } from "../ruled-prometheus.ts";
import { Session } from "../session.ts";

/** An exporter with the simulated engine before a model server, the incidents process, Prometheus and Redis. */
export interface RunbookStack {
  readonly exporter: string;
  readonly incidents: string;
  readonly prometheus: string;
  /** Where incidents are kept. */
  readonly folder: string;
  /** A text with the addresses and logs that runbooks name, with those of this stack in their place. */
  here(text: string): string;
  stop(): Promise<void>;
}

/** A program from its sources, so that nothing has to be built before. */
const fromSource = (program: string) => [join(ROOT, program, "src", "main.ts")];

/**
 * Starts all of them on free ports.
 *
 * @throws Error with the end of the log of the service that does not become ready
 */
export async function startRunbookStack(): Promise<RunbookStack> {
  const parent = await mkdtemp(join(tmpdir(), "headroom-runbooks-"));
  const session = new Session({
    folder: await makeRunFolder(parent),
    activity: (_title, work) => work(),
    signal: new AbortController().signal,
    say: () => {},
  });
  const stop = async () => {
    await session.stop();
    await rm(parent, { recursive: true });
  };
  const folder = join(parent, "incidents");
  try {
    const ports = {
      exporter: await session.port("exporter", EXPORTER_PORT),
      incidents: await session.port("incidents", INCIDENTS_PORT),
      prometheus: await session.port("prometheus", PROMETHEUS_PORT),
      redis: await session.port("redis", REDIS_PORT),
      upstream: await session.port("upstream", UPSTREAM_PORT),
    };
    const redisServer = process.env["HEADROOM_REDIS_SERVER"] ?? "redis-server";
    await session.start(await redisService(session.folder, redisServer, ports.redis));
    const redisUrl = `redis://127.0.0.1:${ports.redis}`;
    const upstreamUrl = `http://127.0.0.1:${ports.upstream}`;
    await session.start(modelServer(ports.upstream));
    const service = exporterService({ simulate: true, redisUrl, upstreamUrl }, ports.exporter);
    await session.start({ ...service, args: fromSource("exporter") });
    const records = incidentsService({ folder }, ports.incidents);
    await session.start({ ...records, args: fromSource("incidents") });
    const incidents = `http://127.0.0.1:${ports.incidents}`;
    const exporter = `http://127.0.0.1:${ports.exporter}`;
    const prometheus = await startRuledPrometheus(
      session,
      process.env["HEADROOM_PROMETHEUS"] ?? "prometheus",
      {
        ...{ port: ports.prometheus, exporter, incidents, rules: {} },
        upstreamMetrics: `${upstreamUrl}/metrics`,
      },
    );
    const run = {
      addresses: { exporter, incidents, prometheus, redis: redisUrl },
      logs: join(session.folder.path, "logs"),
    };
    const here = (text: string) => inRun(text, run);
    return { exporter, incidents, prometheus, folder, stop, here };
  } catch (error) {
    await stop();
    throw error;
  }
}
