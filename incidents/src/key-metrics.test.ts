import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "@headroom/exporter/config";
import { startExporter } from "@headroom/exporter/exporter";
import { IncidentStore } from "./records/incident-store.ts";
import { Incidents } from "./records/record-notifications.ts";
import { keyMetrics, machineQueries, metricsFrom } from "./key-metrics.ts";
import { notification } from "./testing/example-alerts.ts";
import type { OwnServer } from "./testing/own-server.ts";
import { startFilledPrometheus } from "./testing/prometheus.ts";

/** An hour ago: what is older than Prometheus keeps would be deleted. */
const START = Math.floor(Date.now() / 1000) - 3600;
const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();
const startsAt = iso(START);
const firing = () => notification({ startsAt });
const resolved = () => notification({ startsAt, status: "resolved", endsAt: iso(START + 600) });

const DRAINED = 'instance="drained:1"';

/** Memory that rises through the incident and falls at its end, and ten requests a second. */
function samples(): string {
  const memory: string[] = [];
  const requests: string[] = [];
  const drained: string[] = [];
  const builds: string[] = [];
  for (let t = -400; t <= 700; t += 10) {
    const gigabytes = t < -100 ? 10 : t < 0 ? 20 : t === 300 ? 41.5 : 34;
    const labels = 'scope="process",instance="127.0.0.1:9700"';
    memory.push(`headroom_memory_used_bytes{${labels}} ${gigabytes * 1e9} ${START + t}`);
    const labels2 = 'outcome="ok",instance="127.0.0.1:9700"';
    requests.push(`sentiment_requests_total{${labels2}} ${(t + 400) * 10} ${START + t}`);
    // It is gone when the alert fires.
    if (t < -60) {
      const build = 'version="1.2.3",node="20.20.0",engine="llama.cpp",simulated="false"';
      builds.push(`headroom_build_info{${build},instance="127.0.0.1:9700"} 1 ${START + t}`);
    }
    // One in eleven fails; then traffic ends, and the last two of it fail.
    const until = Math.min(t, 200) + 400;
    const last = t > 200 ? 2 : 0;
    drained.push(
      `sentiment_requests_total{outcome="ok",${DRAINED}} ${until * 10} ${START + t}`,
      `sentiment_requests_total{outcome="server_error",${DRAINED}} ${until + last} ${START + t}`,
    );
  }
  return [
    ...["# TYPE headroom_memory_used_bytes gauge", ...memory],
    ...["# TYPE headroom_build_info gauge", ...builds],
    ...["# TYPE sentiment_requests counter", ...requests, ...drained, "# EOF", ""],
  ].join("\n");
}

let folder: string;
let store: IncidentStore;
let logged: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-reader-"));
  store = new IncidentStore(folder);
  logged = [];
});
afterEach(() => rm(folder, { recursive: true }));

function create(url: string): Incidents {
  const log = (_fields: object, message: string): void => void logged.push(message);
  return new Incidents({
    store,
    observer: { notified: () => {}, resolved: () => {} },
    logger: { info: () => {}, warn: () => {}, error: log },
    metrics: metricsFrom(url),
  });
}

async function listenOn(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The only incident, when its values are no longer waited for. */
async function settled(until = (body: string): boolean => body !== "") {
  for (;;) {
    const [file] = (await store.list()).values();
    if (file && file.incident.snapshot !== "pending" && until(file.body)) return file;
    await sleep(10);
  }
}

describe("with a Prometheus", () => {
  let prometheus: OwnServer;
  beforeAll(async () => {
    prometheus = await startFilledPrometheus(samples());
  });
  afterAll(() => prometheus.stop());

  it("an incident holds the key metrics before, at the start, and at their worst", async () => {
    const incidents = create(prometheus.url);
    await incidents.receive([firing()]);
    const open = await settled();
    expect(open.incident.snapshot).toBe("taken");
    const lines = open.body.split("\n");
    expect(lines).toContain("- Build: headroom 1.2.3, Node 20.20.0, engine llama.cpp");
    expect(lines).toContain("| metric | 5 minutes before | at the start |");
    expect(lines).toContain("| Memory of the process | 10 GB | 34 GB |");
    expect(lines).toContain("| Requests a second | 10 | 10 |");
    expect(lines).toContain("| Memory of the system | no data | no data |");
    await incidents.receive([resolved()]);
    const { body } = await settled((text) => text.includes("worst from"));
    expect(body).toContain("| Memory of the process | 41.5 GB (highest) |");
    await incidents.close();
    expect(logged).toEqual([]);
  });

  it("never tells a ratio of the few requests that are left when traffic ends", async () => {
    const incidents = create(prometheus.url);
    const labels = { alertname: "HeadroomErrorRateHigh", instance: "drained:1" };
    await incidents.receive([notification({ startsAt, labels })]);
    await incidents.receive([
      notification({ startsAt, labels, status: "resolved", endsAt: iso(START + 600) }),
    ]);
    const { body } = await settled((text) => text.includes("worst from"));
    expect(body).toMatch(/\| Errors \| (?:9|1\d)\.\d+ % \(highest\) \|/);
    await incidents.close();
  });

  it("asks after a start for what was still pending at the last end", async () => {
    const silent = createServer(() => {});
    const early = create(await listenOn(silent));
    await early.receive([firing()]);
    await early.close();
    silent.closeAllConnections();
    silent.close();
    expect([...(await store.list()).values()][0]!.incident.snapshot).toBe("pending");

    const later = create(prometheus.url);
    await later.resume();
    expect((await settled()).body.match(/\| Memory of the process \|/g)).toHaveLength(1);
    await later.close();
  });
});

describe("without a Prometheus that answers", () => {
  it("an incident is opened at once and says that it could not be reached", async () => {
    const gone = createServer();
    const url = await listenOn(gone);
    await new Promise((done) => gone.close(done));
    const incidents = create(url.replace("//", "//user:hunter@"));
    const { filings } = await incidents.receive([firing()]);
    expect(filings.opened).toBe(1);
    const { incident, body } = await settled();
    expect(incident).toMatchObject({ status: "open", snapshot: "unreachable" });
    expect(body).toMatch(/Prometheus was asked, but it could not be reached \(ECONNREFUSED\)/);
    expect(body).not.toContain("hunter");
    await incidents.close();
  });

  it.each([
    [500, "", "it answered with status 500"],
    [200, "<html>", "its answer is not that of a Prometheus"],
    [200, '{"data":{"result":[{"values":"x"}]}}', "its answer is not that of a Prometheus"],
  ])("an answer of status %i with %j is told as one", async (status, text, said) => {
    const server = createServer((_req, res) => void res.writeHead(status).end(text));
    const incidents = create(await listenOn(server));
    await incidents.receive([firing()]);
    expect((await settled()).body).toContain(said);
    await incidents.close();
    server.close();
  });
});

it("the exporter exposes every metric that an incident asks Prometheus for", async () => {
  const config = loadConfig({ HEADROOM_PORT: "0", HEADROOM_SIMULATE: "true" });
  const exporter = await startExporter(config, pino({ level: "silent" }));
  try {
    // The times of streamed answers have no series before the first one.
    await streamAnswer(exporter.url);
    const text = await (await fetch(`${exporter.url}/metrics`)).text();
    const shown = new Set([...text.matchAll(/^([a-z]\w+)[{ ]/gm)].map(([, name]) => name));
    const queries = keyMetrics("").map(({ query }) => query);
    for (const query of [...queries, ...Object.values(machineQueries("a"))]) {
      const asked = [...query.matchAll(/([a-z]\w+)[{[]/g)].map(([, metric = ""]) => metric);
      expect({ query, asked: asked.length > 0 }).toEqual({ query, asked: true });
      for (const metric of asked) {
        expect({ metric, shown: shown.has(metric) }).toEqual({ metric, shown: true });
      }
    }
  } finally {
    await exporter.stop();
  }
});

async function streamAnswer(url: string): Promise<void> {
  const { data } = (await (await fetch(`${url}/v1/models`)).json()) as { data: { id: string }[] };
  const messages = [{ role: "user", content: "Say something." }];
  const body = JSON.stringify({ model: data[0]?.id, messages, stream: true });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body });
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("[DONE]")]);
}
