import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startWebhookReceiver, type WebhookReceiver } from "@headroom/provisioning/testing/webhook";
import { makeRunFolder } from "../run-folder.ts";
import { Session } from "../session.ts";
import { startAlertmanager } from "./alertmanager.ts";

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
