import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { DRILL_INTERVAL_SECONDS, DRILL_PACE } from "../drill/rules.ts";
import { folderWithin, makeRunFolder, ROOT } from "../places.ts";
import { httpProbe } from "../processes/probes.ts";
import { startRuledPrometheus } from "../ruled-prometheus.ts";
import { addressOf, EXPORTER_PORT, exporterService, PROMETHEUS_PORT } from "../services.ts";
import { Session } from "../session.ts";

/** As two clusters have it, each with a Prometheus of its own; both have an exporter of the same address. */
const CLUSTERS = ["east", "west"];
const PROMETHEUS = process.env["HEADROOM_PROMETHEUS"] ?? "prometheus";
const WAIT_MS = 60_000;

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

let parent: string;
const sessions: Session[] = [];
/** Addresses: of who takes what is written, and of one who writes. */
let receiver: string;
let writer: string;

function sessionIn(folder: Session["folder"]): Session {
  const signal = new AbortController().signal;
  const session = new Session({
    folder,
    signal,
    activity: (_title, work) => work(),
    say: () => {},
  });
  sessions.push(session);
  return session;
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "headroom-remote-write-"));
  const session = sessionIn(await makeRunFolder(parent));
  const configuration = join(parent, "receiver.yml");
  await writeFile(configuration, "scrape_configs: []\n");
  const port = await session.port("receiver", PROMETHEUS_PORT);
  receiver = addressOf(port);
  const exporterPort = await session.port("exporter", EXPORTER_PORT);
  const ports = [
    await session.port("east", PROMETHEUS_PORT),
    await session.port("west", PROMETHEUS_PORT),
  ];
  await session.start({
    name: "receiver",
    command: PROMETHEUS,
    args: [
      ...[`--config.file=${configuration}`, "--web.enable-remote-write-receiver"],
      ...[`--web.listen-address=127.0.0.1:${port}`, `--storage.tsdb.path=${join(parent, "data")}`],
    ],
    probe: httpProbe(`${receiver}/-/ready`),
    limitSeconds: 60,
  });
  const exporter = exporterService({ simulate: true }, exporterPort);
  await session.start({ ...exporter, args: [join(ROOT, "exporter", "src", "main.ts")] });
  for (const [index, cluster] of CLUSTERS.entries()) {
    writer = await startRuledPrometheus(
      sessionIn(await folderWithin(session.folder, cluster)),
      PROMETHEUS,
      {
        port: ports[index]!,
        exporter: addressOf(exporterPort),
        // Not there, so that an alert is pending.
        incidents: addressOf(exporterPort + 1),
        intervalSeconds: DRILL_INTERVAL_SECONDS,
        remoteWrite: { url: `${receiver}/api/v1/write`, cluster },
        rules: { pace: DRILL_PACE },
      },
    );
  }
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.stop()));
  await rm(parent, { recursive: true, force: true });
});

async function ask(prometheus: string, query: string): Promise<readonly Series[]> {
  const answer = await fetch(`${prometheus}/api/v1/query?${new URLSearchParams({ query })}`);
  return ((await answer.json()) as { data: { result: readonly Series[] } }).data.result;
}

/** The series of a query once both clusters have sent some. */
async function fromBoth(query: string): Promise<readonly Series[]> {
  const end = performance.now() + WAIT_MS;
  for (;;) {
    const series = await ask(receiver, query);
    const clusters = new Set(series.map(({ metric }) => metric["cluster"]));
    if (CLUSTERS.every((cluster) => clusters.has(cluster)) || performance.now() > end)
      return series;
    await sleep(100);
  }
}

describe("what two clusters write to one store", () => {
  it.each([
    ["is scraped", "headroom_limit"],
    ["is recorded", '{__name__=~"instance:sentiment_requests:rate.+"}'],
    ["alerts", 'ALERTS{alertname="HeadroomIncidentsDown"}'],
  ])("and %s keeps its labels, and says whose it is", async (_what, query) => {
    const written = await fromBoth(query);
    const own = await ask(writer, query);
    expect(own.length).toBeGreaterThan(0);
    for (const cluster of CLUSTERS) {
      const labels = written
        .filter(({ metric }) => metric["cluster"] === cluster)
        .map(({ metric }) => metric);
      expect(labels).toEqual(
        expect.arrayContaining(own.map(({ metric }) => ({ ...metric, cluster }))),
      );
    }
  });

  it("is one exporter to a rule that does not name the cluster, so rules stay where they are", async () => {
    await fromBoth('up{job="headroom"}');
    const [both] = await ask(receiver, 'count by (job, instance) (up{job="headroom"})');
    const each = await ask(receiver, 'count by (cluster, job, instance) (up{job="headroom"})');
    expect(both!.value[1]).toBe("2");
    expect(each.map(({ value }) => value[1])).toEqual(["1", "1"]);
  });
});
