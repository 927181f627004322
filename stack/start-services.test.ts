import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startPrometheus } from "@headroom/grafana-plugin/preview/testing/prometheus";
import { startWebhookReceiver, type WebhookReceiver } from "@headroom/provisioning/testing/webhook";
import { makeRunFolder } from "./places.ts";
import { Session } from "./session.ts";
import { prometheusPages, startAlertmanager, whereEverythingIs } from "./start-services.ts";

const PROGRAM = process.env["HEADROOM_ALERTMANAGER"] ?? "prometheus-alertmanager";

let folder: string;
let session: Session;
let incidents: WebhookReceiver;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-alertmanager-"));
  incidents = await startWebhookReceiver();
  session = new Session({
    folder: await makeRunFolder(folder),
    activity: (_title, work) => work(),
    signal: new AbortController().signal,
    say: () => {},
  });
});
afterEach(async () => {
  await session.stop();
  await incidents.close();
  await rm(folder, { recursive: true });
});

const start = () => startAlertmanager(session, PROGRAM, `http://${incidents.address}`);

describe("the Alertmanager of a run", () => {
  it("answers on loopback, without peers, and tells the incidents process of the run", async () => {
    const url = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const status = (await (await fetch(`${url}/api/v2/status`)).json()) as {
      cluster: { status: string };
      config: { original: string };
    };
    expect(status.cluster.status).toBe("disabled");
    expect(status.config.original).toContain(`url: http://${incidents.address}/v1/alerts\n`);
  });

  it("ends with the run", async () => {
    const url = await start();
    await session.stop();
    await expect(fetch(`${url}/-/ready`)).rejects.toThrow("fetch failed");
  });

  it("takes another port beside a second one", async () => {
    expect(await start()).not.toBe(await start());
  });
});

const runFolder = { path: "run", log: (service: string) => service };
const addresses = {
  page: "http://127.0.0.1:9701",
  exporter: "http://127.0.0.1:9700",
  incidents: "http://127.0.0.1:9702",
  prometheus: "http://127.0.0.1:9090",
  alerts: "http://127.0.0.1:9090/classic/alerts",
  graph: "http://127.0.0.1:9090/classic/graph",
  alertmanager: "http://127.0.0.1:9093",
  redis: "redis://127.0.0.1:6379",
  upstream: undefined,
};

describe("whereEverythingIs", () => {
  it("names the address of every service", () => {
    const text = whereEverythingIs(addresses, runFolder);
    for (const address of Object.values(addresses)) expect(text).toContain(address ?? "");
    expect(text).toMatch(/^Alertmanager +http:\/\/127\.0\.0\.1:9093$/m);
    expect(text).toMatch(/^Runbooks +http:\/\/127\.0\.0\.1:9702\/runbooks$/m);
  });

  it("names the door of the chat API, and the model server behind it", () => {
    const door = "http://127.0.0.1:9700/v1/chat/completions";
    expect(whereEverythingIs(addresses, runFolder)).toMatch(new RegExp(`^Chat API +${door}$`, "m"));
    const upstream = "http://127.0.0.1:11434";
    expect(whereEverythingIs({ ...addresses, upstream }, runFolder)).toContain(
      `${door} -> ${upstream}\n`,
    );
  });

  it("says what is missing without the services that need not be there", () => {
    const text = whereEverythingIs(
      { ...addresses, alertmanager: undefined, redis: undefined },
      runFolder,
    );
    expect(text).toMatch(/^Alertmanager +none installed; .*Prometheus/m);
    expect(text).toMatch(/^Redis +none installed; .*memory/m);
  });
});

describe("the pages of a Prometheus", () => {
  it("are where the one that is installed really shows them", async () => {
    const prometheus = await startPrometheus(1);
    try {
      const pages = await prometheusPages(prometheus.url);
      for (const address of Object.values(pages!)) {
        expect(address.startsWith(prometheus.url)).toBe(true);
        expect((await fetch(address)).status).toBe(200);
      }
    } finally {
      await prometheus.stop();
    }
  });

  it.each([
    // As one of 3.16 answers that was built from its Go module.
    [500, "text/plain; charset=utf-8", "Error opening React index.html: file does not exist"],
    [404, "text/html", "not here"],
    [200, "application/json", "{}"],
  ])("are none where it answers %i with %s", async (status, type, text) => {
    const server = createServer((_req, res) => {
      res.writeHead(status, { "content-type": type }).end(text);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await prometheusPages(url)).toBeUndefined();
    server.close();
    expect(await prometheusPages(url)).toBeUndefined();
  });

  it("are told where they are, and those of the live page where there are none", () => {
    const without = { alerts: `${addresses.page}/alerts`, graph: `${addresses.page}/graph` };
    const text = whereEverythingIs({ ...addresses, ...without }, runFolder);
    expect(text).toMatch(/^Alerts +http:\/\/127\.0\.0\.1:9701\/alerts$/m);
    expect(text).toMatch(/^Prometheus +http:\/\/127\.0\.0\.1:9090\/api\/v1\/targets$/m);
    expect(whereEverythingIs(addresses, runFolder)).toMatch(
      /^Prometheus +http:\/\/127\.0\.0\.1:9090$/m,
    );
  });
});
