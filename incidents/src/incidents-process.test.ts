import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { startIncidents, type IncidentsProcess } from "./incidents-process.ts";
import { receivedAlert } from "./testing/example-alerts.ts";

const quiet = pino({ level: "silent" });

let folder: string;
let own: IncidentsProcess;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-incidents-process-"));
  const env = { HEADROOM_INCIDENTS_PORT: "0", HEADROOM_INCIDENTS_FOLDER: folder };
  own = await startIncidents(loadConfig(env), quiet);
});
afterAll(async () => {
  await own.stop();
  await rm(folder, { recursive: true });
});

async function notify(alert: object): Promise<void> {
  const response = await fetch(`${own.url}/v1/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ version: "4", alerts: [alert] }),
  });
  expect(response.status).toBe(200);
}

const metrics = async (): Promise<string[]> =>
  (await (await fetch(`${own.url}/metrics`)).text()).split("\n");

it("an alert becomes an incident, is shown as a metric, and is seen resolved", async () => {
  expect(await metrics()).toContain('headroom_incidents_open{severity="warning"} 0');
  await notify(receivedAlert());
  const [name = ""] = await readdir(folder);
  const text = await readFile(join(folder, name), "utf8");
  expect(text).toContain(`- Runbook: <${own.url}/runbooks/HeadroomMemoryHigh>`);
  const open = await metrics();
  expect(open).toContain('headroom_incidents_open{severity="warning"} 1');
  const began = "headroom_incident_started_timestamp_seconds{";
  expect(open.find((line) => line.startsWith(began))).toMatch(
    /alert="HeadroomMemoryHigh",exporter="[^"]+",severity="warning"} \d{10}/,
  );

  await notify({ ...receivedAlert(), status: "resolved", endsAt: "2026-01-02T03:14:05Z" });
  const lines = await metrics();
  expect(lines).toContain('headroom_incidents_open{severity="warning"} 0');
  expect(lines.filter((line) => line.startsWith(began))).toEqual([]);
  expect(lines).toContain('headroom_incident_duration_seconds_sum{severity="warning"} 600');
  expect(lines).toContain('headroom_alert_notifications_total{outcome="resolved"} 1');
});

it("listening for other machines, it takes alerts with its token only, and shows runbooks to all", async () => {
  const token = "0123456789abcdef";
  const data = join(folder, "for-others");
  const config = loadConfig({
    HEADROOM_INCIDENTS_HOST: "0.0.0.0",
    HEADROOM_INCIDENTS_PORT: "0",
    HEADROOM_INCIDENTS_TOKEN: token,
    HEADROOM_INCIDENTS_FOLDER: data,
  });
  const open = await startIncidents(config, quiet);
  try {
    const url = `http://127.0.0.1:${new URL(open.url).port}`;
    const post = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${url}/v1/alerts`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ version: "4", alerts: [receivedAlert()] }),
      });
    expect((await post({})).status).toBe(401);
    expect((await post({ authorization: `Bearer ${token}x` })).status).toBe(401);
    expect(existsSync(data)).toBe(false);
    expect((await post({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect(await readdir(data)).toHaveLength(1);
    for (const path of ["/runbooks", "/runbooks/HeadroomMemoryHigh"]) {
      const page = await fetch(url + path, { headers: { accept: "text/html" } });
      expect({ path, status: page.status }).toEqual({ path, status: 200 });
    }
  } finally {
    await open.stop();
  }
});
