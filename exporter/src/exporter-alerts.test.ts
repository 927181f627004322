import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "./config.ts";
import { startExporter, type Exporter } from "./exporter.ts";
import { keyMetrics } from "./operations/key-metrics.ts";
import { receivedAlert } from "./operations/testing/example-alerts.ts";

let folder: string;
let exporter: Exporter;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-exporter-alerts-"));
  const config = loadConfig({
    HEADROOM_PORT: "0",
    HEADROOM_SIMULATE: "true",
    HEADROOM_DATA_FOLDER: folder,
  });
  exporter = await startExporter(config, pino({ level: "silent" }));
}, 60_000);
afterAll(async () => {
  await exporter.stop();
  await rm(folder, { recursive: true });
});

async function notify(alert: object): Promise<void> {
  const response = await fetch(`${exporter.url}/v1/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ version: "4", alerts: [alert] }),
  });
  expect(response.status).toBe(200);
}

const metrics = async (): Promise<string[]> =>
  (await (await fetch(`${exporter.url}/metrics`)).text()).split("\n");

it("the exporter turns an alert into an incident, shows it as a metric, and sees it resolved", async () => {
  expect(await metrics()).toContain('headroom_incidents_open{severity="warning"} 0');
  await notify(receivedAlert());
  const [name = ""] = await readdir(join(folder, "incidents"));
  const text = await readFile(join(folder, "incidents", name), "utf8");
  expect(text).toContain(`- Runbook: <${exporter.url}/runbooks/HeadroomMemoryHigh>`);
  expect(text).toMatch(/- Build: headroom .*simulated/);
  expect(text).toMatch(/- Hardware: .* processors, .* GB of memory/);
  expect(await metrics()).toContain('headroom_incidents_open{severity="warning"} 1');

  await notify({ ...receivedAlert(), status: "resolved", endsAt: "2026-01-02T03:14:05Z" });
  const lines = await metrics();
  expect(lines).toContain('headroom_incidents_open{severity="warning"} 0');
  expect(lines).toContain('headroom_incident_duration_seconds_sum{severity="warning"} 600');
  expect(lines).toContain('headroom_alert_notifications_total{outcome="resolved"} 1');
});

it("the exporter that listens for other machines takes alerts with its token only, and shows runbooks to all", async () => {
  const token = "0123456789abcdef";
  const data = join(folder, "for-others");
  const config = loadConfig({
    HEADROOM_HOST: "0.0.0.0",
    HEADROOM_PORT: "0",
    HEADROOM_TOKEN: token,
    HEADROOM_SIMULATE: "true",
    HEADROOM_DATA_FOLDER: data,
  });
  const open = await startExporter(config, pino({ level: "silent" }));
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
    expect(existsSync(join(data, "incidents"))).toBe(false);
    expect((await post({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect(await readdir(join(data, "incidents"))).toHaveLength(1);
    for (const path of ["/runbooks", "/runbooks/HeadroomMemoryHigh"]) {
      const page = await fetch(url + path, { headers: { accept: "text/html" } });
      expect({ path, status: page.status }).toEqual({ path, status: 200 });
    }
  } finally {
    await open.stop();
  }
}, 60_000);

it("the exporter exposes every metric that an incident asks Prometheus for", async () => {
  const lines = await metrics();
  for (const { name, query } of keyMetrics("")) {
    const asked = [...query.matchAll(/([a-z]\w+)[{[]/g)].map(([, metric = ""]) => metric);
    expect({ name, asked: asked.length > 0 }).toEqual({ name, asked: true });
    for (const metric of asked) {
      const found = lines.some(
        (line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `),
      );
      expect({ metric, found }).toEqual({ metric, found: true });
    }
  }
});
