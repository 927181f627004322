import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import {
  alertmanagerConfig,
  INCIDENTS,
  NOBODY,
  NOTIFICATION_PACE,
  PROMPT_PACE,
} from "./alertmanager.ts";
import {
  type OwnAlertmanager,
  type ShownAlert,
  startAlertmanager,
} from "./testing/alertmanager.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./testing/webhook.ts";

const ONE = "127.0.0.1:9700";
const OTHER = "127.0.0.1:9800";
const PATIENCE_MS = 20_000;

const alert = (alertname: string, severity: string, more: Record<string, string> = {}) => ({
  ...{ alertname, severity, job: "headroom", instance: ONE },
  ...more,
});
const down = { alertname: "HeadroomExporterDown", severity: "critical", job: "headroom" };
const slow = alert("HeadroomLatencyHigh", "warning", { limit: "latency_p95" });
const slower = alert("HeadroomLatencyCritical", "critical", { limit: "latency_p95" });

let receiver: WebhookReceiver;
let alertmanager: OwnAlertmanager;
async function start(): Promise<void> {
  receiver = await startWebhookReceiver();
  const incidents = receiver.address;
  alertmanager = await startAlertmanager(alertmanagerConfig({ incidents, pace: PROMPT_PACE }));
}

async function stop(): Promise<void> {
  await alertmanager.stop();
  await receiver.close();
}

/** All alerts, once this many are active and this many are suppressed. */
async function alertsOnce(active: number, suppressed: number): Promise<readonly ShownAlert[]> {
  return eventually(async () => {
    const alerts = await alertmanager.alerts();
    const counts = (["active", "suppressed"] as const).map((s) => inState(alerts, s).length);
    return counts[0] === active && counts[1] === suppressed ? alerts : undefined;
  });
}

/** Names, with the instance, of those that are shown in this state. */
const inState = (alerts: readonly ShownAlert[], state: ShownAlert["status"]["state"]) =>
  alerts
    .filter(({ status }) => status.state === state)
    .map(({ labels }) => `${labels["alertname"]} ${labels["scope"] ?? labels["instance"]}`)
    .sort();

async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error("it did not happen");
    await sleep(50);
  }
}

const notified = (status: string) => () =>
  receiver.taken.find(({ notification }) => notification.status === status);

describe("Alertmanager with the generated configuration", () => {
  beforeEach(start);
  afterEach(stop);

  it("tells the incidents process of an alert, and of its end", async () => {
    await alertmanager.send([slow]);
    const firing = await eventually(notified("firing"));
    expect(firing.request).toBe("POST /v1/alerts");
    expect(firing.notification.receiver).toBe(INCIDENTS);
    expect(firing.notification.alerts.map(({ labels }) => labels)).toEqual([slow]);
    await alertmanager.send([slow], new Date(Date.now() - 1));
    const resolved = await eventually(notified("resolved"));
    expect(resolved.notification.alerts).toEqual([
      expect.objectContaining({ status: "resolved", labels: slow }),
    ]);
  });

  it("tells the scopes of one alert together, and another instance apart", async () => {
    const memory = (more: Record<string, string>) =>
      alert("HeadroomMemoryHigh", "warning", { limit: "memory", ...more });
    await alertmanager.send([
      ...[memory({ scope: "process" }), memory({ scope: "system" })],
      memory({ scope: "process", instance: OTHER }),
    ]);
    await eventually(() => (receiver.taken.length >= 2 ? true : undefined));
    const sizes = receiver.taken.map(({ notification }) => notification.alerts.length);
    expect(sizes.sort()).toEqual([1, 2]);
  });

  it("shows what is only information, and tells nobody", async () => {
    await alertmanager.send([alert("HeadroomNoTraffic", "info"), slow]);
    await eventually(notified("firing"));
    const alerts = await alertsOnce(2, 0);
    const receivers = alerts.map(({ labels, receivers: [to] }) => [labels["alertname"], to?.name]);
    expect(Object.fromEntries(receivers)).toEqual({
      HeadroomNoTraffic: NOBODY,
      HeadroomLatencyHigh: INCIDENTS,
    });
    expect(inState(alerts, "active")).toHaveLength(2);
    for (const { notification } of receiver.taken) {
      expect(notification.alerts.map(({ labels }) => labels)).toEqual([slow]);
    }
  });

  it("silences a warning while the critical limit of the same instance is broken", async () => {
    await alertmanager.send([slower, slow, { ...slow, instance: OTHER }]);
    const alerts = await alertsOnce(2, 1);
    expect(inState(alerts, "suppressed")).toEqual([`HeadroomLatencyHigh ${ONE}`]);
    const [silenced] = alerts.filter(({ status }) => status.state === "suppressed");
    expect(silenced?.status.inhibitedBy).toHaveLength(1);
  });

  it("keeps the warning of another limit, scope, or of none", async () => {
    const memory = { limit: "memory", scope: "system" };
    await alertmanager.send([
      alert("HeadroomMemoryCritical", "critical", memory),
      alert("HeadroomModelUnavailable", "critical"),
      alert("HeadroomMemoryHigh", "warning", memory),
      alert("HeadroomMemoryHigh", "warning", { ...memory, scope: "process" }),
      alert("HeadroomCacheDegraded", "warning"),
      slow,
    ]);
    expect(inState(await alertsOnce(5, 1), "suppressed")).toEqual(["HeadroomMemoryHigh system"]);
  });

  it("keeps the warning of another model, and of another kind of work", async () => {
    const first = { limit: "first_token_p95", gen_ai_request_model: "large" };
    const errors = { limit: "error_ratio", work: "chat" };
    await alertmanager.send([
      alert("HeadroomFirstTokenSlow", "critical", first),
      alert("HeadroomFirstTokenSlow", "warning", first),
      alert("HeadroomFirstTokenSlow", "warning", { ...first, gen_ai_request_model: "small" }),
      alert("HeadroomErrorRateCritical", "critical", errors),
      alert("HeadroomErrorRateHigh", "warning", errors),
      alert("HeadroomErrorRateHigh", "warning", { ...errors, work: "sentiment" }),
    ]);
    const silenced = (await alertsOnce(4, 2)).filter(({ status }) => status.state === "suppressed");
    const told = silenced.map(({ labels }) => labels["gen_ai_request_model"] ?? labels["work"]);
    expect(told.sort()).toEqual(["chat", "large"]);
  });

  it("silences what a model server that is down did last, and not what it means for clients", async () => {
    await alertmanager.send([
      alert("HeadroomUpstreamDown", "critical"),
      alert("HeadroomFirstTokenSlow", "critical", { limit: "first_token_p95" }),
      alert("HeadroomTokensSlow", "warning", { limit: "output_token_p95" }),
      alert("HeadroomGoodputLow", "warning", { limit: "goodput" }),
      alert("HeadroomKvCacheFull", "warning", { limit: "kv_cache", job: "upstream" }),
      alert("HeadroomGoodputLow", "warning", { limit: "goodput", instance: OTHER }),
      alert("HeadroomErrorRateCritical", "critical", { limit: "error_ratio", work: "other" }),
      alert("HeadroomErrorRateHigh", "warning", { limit: "error_ratio", work: "chat" }),
      alert("HeadroomErrorRateHigh", "warning", { limit: "error_ratio", work: "sentiment" }),
    ]);
    expect(inState(await alertsOnce(4, 5), "active")).toEqual([
      `HeadroomErrorRateCritical ${ONE}`,
      `HeadroomErrorRateHigh ${ONE}`,
      `HeadroomGoodputLow ${OTHER}`,
      `HeadroomUpstreamDown ${ONE}`,
    ]);
  });

  it("silences everything else of an exporter that is down", async () => {
    const idle = alert("HeadroomNoTraffic", "info");
    await alertmanager.send([
      { ...down, instance: ONE },
      slower,
      idle,
      { ...slow, instance: OTHER },
    ]);
    const alerts = await alertsOnce(2, 2);
    expect(inState(alerts, "suppressed")).toEqual([
      `HeadroomLatencyCritical ${ONE}`,
      `HeadroomNoTraffic ${ONE}`,
    ]);
  });

  it("silences every exporter's alerts when none is known, and those of others never", async () => {
    const lost = { alertname: "HeadroomIncidentsDown", severity: "critical", instance: "keeper" };
    await alertmanager.send([
      ...[down, lost],
      slower,
      { ...slow, instance: OTHER },
      alert("DiskFull", "warning"),
    ]);
    expect(inState(await alertsOnce(3, 2), "active")).toEqual([
      `DiskFull ${ONE}`,
      "HeadroomExporterDown undefined",
      "HeadroomIncidentsDown keeper",
    ]);
  });
});

describe("the committed configuration of Prometheus", () => {
  it.each([
    ["prometheus.yml", ["127.0.0.1:9093"]],
    // Grafana judges and notifies there.
    ["compose.yml", undefined],
    ["compose-host.yml", undefined],
  ])("%s sends alerts to %j", async (name, targets) => {
    const file = join(import.meta.dirname, "prometheus", name);
    const { alerting } = parse(await readFile(file, "utf8")) as {
      alerting?: { alertmanagers: { static_configs: { targets: string[] }[] }[] };
    };
    expect(alerting?.alertmanagers[0]?.static_configs[0]?.targets).toEqual(targets);
  });
});

describe("alertmanagerConfig", () => {
  it.each(["http://127.0.0.1:9700", "127.0.0.1", ""])("refuses the address %p", (incidents) => {
    expect(() => alertmanagerConfig({ incidents })).toThrow("must be host:port");
  });

  it("waits and repeats as the committed pace says unless told otherwise", () => {
    const text = alertmanagerConfig({ incidents: ONE });
    for (const time of Object.values(NOTIFICATION_PACE)) expect(text).toContain(`: ${time}\n`);
  });
});
