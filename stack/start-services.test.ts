import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startWebhookReceiver, type WebhookReceiver } from "@headroom/provisioning/testing/webhook";
import { makeRunFolder } from "./places.ts";
import { Session } from "./session.ts";
import { startAlertmanager, whereEverythingIs } from "./start-services.ts";

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
