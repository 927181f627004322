import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { IncidentStore } from "../records/incident-store.ts";
import { receivedAlert } from "../testing/example-alerts.ts";
import { startTestServer, type TestServer } from "../testing/test-server.ts";
import type { AppParts } from "../incidents-process.ts";
import { MAX_ALERTS, MAX_BODY_BYTES } from "./alerts.ts";
import { runbookLinks } from "./runbooks.ts";

let root: string;
let folder: string;
let server: TestServer;
let refused: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "headroom-alerts-"));
  folder = join(root, "incidents");
  refused = 0;
  await writeFile(join(root, "HeadroomMemoryHigh.md"), "# HeadroomMemoryHigh\n");
  await writeFile(join(root, "CriticalAlert.md"), "# CriticalAlert\n");
});
afterEach(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

async function start(overrides: Partial<AppParts> = {}, data = folder): Promise<void> {
  server = await startTestServer(data, {
    refused: () => refused++,
    runbookOf: runbookLinks(root, () => "http://incidents.example"),
    ...overrides,
  });
}

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}/v1/alerts`, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "Content-Type": "application/json", ...headers },
  });
}

/** A webhook of Alertmanager 0.25, whole. */
const alertmanager = (...alerts: readonly object[]): object => ({
  receiver: "headroom-incidents",
  status: "firing",
  alerts,
  groupLabels: { alertname: "HeadroomMemoryHigh" },
  commonLabels: { alertname: "HeadroomMemoryHigh" },
  commonAnnotations: {},
  externalURL: "http://127.0.0.1:9093",
  version: "4",
  groupKey: '{}:{alertname="HeadroomMemoryHigh"}',
  truncatedAlerts: 0,
});

/** A webhook of Grafana, whole. */
const grafana = (...alerts: readonly object[]): object => ({
  ...alertmanager(...alerts),
  version: "1",
  orgId: 1,
  title: "[FIRING:1]",
  state: "alerting",
  message: "**Firing**",
});

/** What Grafana 12 sends: the recovery begins when it ends. */
const grafana12 = (status: "firing" | "resolved"): object => {
  const at = status === "firing" ? "2026-11-20T08:00:00Z" : "2026-11-20T08:12:00Z";
  return grafana({
    ...receivedAlert({ status, startsAt: at, fingerprint: "5f0b2a77c1d4e9a3" }),
    endsAt: status === "firing" ? "0001-01-01T00:00:00Z" : at,
  });
};

/** What Grafana makes itself of a rule whose query finds nothing. */
const noData = (rulename: string, fingerprint: string): object => ({
  status: "firing",
  labels: {
    ...{ alertname: "DatasourceNoData", rulename, grafana_folder: "Rules" },
    ...{ datasource_uid: "prom01", ref_id: "A" },
  },
  annotations: {},
  startsAt: "2026-11-21T10:00:00.123456789+01:00",
  endsAt: "0001-01-01T00:00:00Z",
  generatorURL: "http://127.0.0.1:3000/alerting/grafana/a1/view?orgId=1",
  fingerprint,
  dashboardURL: "",
  panelURL: "",
  values: null,
  valueString: "",
});

/** A notification that begins and never ends. */
function halfSent(url: string, bytes: number) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => {});
  const head =
    `POST /v1/alerts HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${2 * bytes}\r\n\r\n`;
  const sent = new Promise<void>((resolve) => {
    socket.write(head + "x".repeat(bytes), () => resolve());
  });
  const answered = new Promise<string>((resolve) => {
    socket.on("data", (chunk: Buffer) => resolve(chunk.toString()));
  });
  return { sent, answered, end: () => socket.destroy() };
}

const filesOf = async () => [...(await new IncidentStore(folder).list()).values()];

describe("a webhook", () => {
  it("of Alertmanager opens an incident, with the runbook that there is", async () => {
    await start();
    const response = await post(alertmanager(receivedAlert()));
    expect(response.status).toBe(200);
    const answer = (await response.json()) as { incidents: string[] };
    expect(answer).toMatchObject({ alerts: 1, opened: 1, repeated: 0 });
    expect(await readdir(folder)).toEqual([`${answer.incidents[0]}.md`]);
    const [file] = await filesOf();
    expect(file!.incident.links["Runbook"]).toBe(
      "http://incidents.example/runbooks/HeadroomMemoryHigh",
    );
  });

  it("of Grafana does too, with its values and links", async () => {
    await start();
    const alert = {
      ...receivedAlert({ startsAt: "2026-01-02T05:04:05.123456789+02:00" }),
      values: { B: 34.5, C: 1, D: null },
      valueString: "[ var='B' value=34.5 ]",
      silenceURL: "http://grafana.example/alerting/silence/new",
      dashboardURL: "http://grafana.example/d/headroom-overview",
      panelURL: "javascript:alert(1)",
    };
    expect((await post(grafana(alert))).status).toBe(200);
    const [file] = await filesOf();
    expect(file!.incident).toMatchObject({
      started: "2026-01-02T03:04:05.123Z",
      values: { B: 34.5, C: 1 },
      links: { Dashboard: "http://grafana.example/d/headroom-overview" },
    });
    expect(file!.incident.links).not.toHaveProperty("Panel");
  });

  it.each([
    ["http://grafana.example/d/headroom-overview", "http://grafana.example/d/headroom-overview"],
    ["javascript:alert(1)", undefined],
    ["not an address", undefined],
  ])("whose rule names the dashboard %s has that link if it is one", async (url, link) => {
    await start();
    const annotations = { runbook_url: "http://wiki.example/memory", dashboard_url: url };
    await post(alertmanager(receivedAlert({ annotations })));
    const [file] = await filesOf();
    expect(file!.incident.links["Dashboard"]).toBe(link);
    expect(file!.incident.links["Runbook"]).toBe("http://wiki.example/memory");
    expect(file!.body.includes(`- Dashboard: <${link}>\n`)).toBe(link !== undefined);
  });

  it("sent twice changes nothing the second time", async () => {
    await start();
    await post(alertmanager(receivedAlert()));
    const before = await filesOf();
    const again = await post(alertmanager(receivedAlert()));
    expect(await again.json()).toMatchObject({ opened: 0, repeated: 1 });
    expect(await filesOf()).toEqual(before);
  });

  it("sent many times at once opens one incident", async () => {
    await start();
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => post(alertmanager(receivedAlert()))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200));
    expect(await filesOf()).toHaveLength(1);
  });

  it.each(["Unknown", "../../escape", "/etc/passwd", "..", "\0", "a".repeat(10_000), ""])(
    "with an alert named %j is recorded, only in the folder, and gets the general runbook",
    async (alertname) => {
      await start();
      const alert = receivedAlert({ labels: { alertname } });
      expect((await post(alertmanager(alert))).status).toBe(200);
      expect(await readdir(root)).toEqual([
        ...["CriticalAlert.md", "HeadroomMemoryHigh.md", "incidents"],
      ]);
      const [name, ...others] = await readdir(folder);
      expect(others).toEqual([]);
      expect(name).toMatch(/^[\w-]{1,80}\.md$/);
      expect((await filesOf())[0]!.incident.links["Runbook"]).toBe(
        "http://incidents.example/runbooks/CriticalAlert",
      );
    },
  );

  it("cannot write Markdown, HTML or front matter", async () => {
    await start();
    const summary =
      "x\n---\nstatus: closed\n\n# Owned <script>alert(1)</script> [a](b) `c` <!-- d -->";
    await post(alertmanager(receivedAlert({ annotations: { summary } })));
    const [file] = await filesOf();
    expect(file!.incident.status).toBe("open");
    expect(file!.body).toContain(
      "- Summary: x --- status: closed \\# Owned \\<script\\>alert(1)\\</script\\> \\[a\\](b) \\`c\\` \\<\\!-- d --\\>\n",
    );
  });

  it("of Grafana 12 whose recovery has another start is one incident, resolved", async () => {
    await start();
    for (const [status, answer] of [
      ["firing", { opened: 1 }],
      ["resolved", { opened: 0, resolved: 1 }],
      // Told once more, as by the other one of a pair.
      ["resolved", { repeated: 1 }],
      ["firing", { repeated: 1 }],
    ] as const) {
      const response = await post(grafana12(status));
      expect(await response.json()).toMatchObject(answer);
    }
    const [file, ...others] = await filesOf();
    expect(others).toEqual([]);
    expect(file!.incident).toMatchObject({
      ...{ status: "resolved", durationSeconds: 720, resolved: "2026-11-20T08:12:00.000Z" },
    });
  });

  it("of an alert that Grafana makes itself names its rule, and is joined to no other", async () => {
    await start();
    expect((await post(grafana(noData("Latency P95", "1b1b1b1b1b1b1b11")))).status).toBe(200);
    await post(grafana(noData("Memory", "2c2c2c2c2c2c2c22")));
    await post(alertmanager(receivedAlert({ labels: { alertname: "DiskFull" } })));
    const names = (await filesOf()).map(({ incident }) => incident.alert).sort();
    expect(names).toEqual([
      ...["DatasourceNoData: Latency P95", "DatasourceNoData: Memory", "DiskFull"],
    ]);
    const [{ incident, body } = await Promise.reject(new Error("no incident"))] = (
      await filesOf()
    ).filter(({ incident }) => incident.alert.endsWith("P95"));
    expect(incident).toMatchObject({ started: "2026-11-21T09:00:00.123Z", status: "open" });
    expect(body).toContain("# DatasourceNoData: Latency P95 (other)");
  });

  it("of Grafana's test button is an incident that is over, each time", async () => {
    await start();
    for (let press = 0; press < 2; press++) {
      const startsAt = new Date().toISOString();
      const labels = { alertname: "TestAlert", instance: "Grafana" };
      const answer = await post(grafana(receivedAlert({ labels, startsAt })));
      expect(await answer.json()).toMatchObject({ alerts: 1, resolved: 1 });
      await sleep(10);
    }
    const statuses = (await filesOf()).map(({ incident }) => incident.status);
    expect(statuses).toEqual(["resolved", "resolved"]);
  });

  it("that left alerts out says so in its answer and in the incident, once", async () => {
    await start();
    const payload = { ...alertmanager(receivedAlert()), truncatedAlerts: 7 };
    expect(await (await post(payload)).json()).toMatchObject({ alerts: 1, truncated: 7 });
    await post(payload);
    const [file] = await filesOf();
    expect(file!.body.match(/\*\*left out\*\* 7 more alerts/g)).toHaveLength(1);
  });

  it("with as many alerts as are allowed fits, whatever their texts", async () => {
    await start();
    // 5,000 characters each, as 30 kB of JSON in which every one is escaped.
    const description = "\u2028<&>".repeat(1_250);
    const many = Array.from({ length: MAX_ALERTS }, (_, i) =>
      receivedAlert({ fingerprint: `f${i}`, annotations: { summary: "s", description } }),
    );
    const escaped = JSON.stringify(alertmanager(...many)).replaceAll(
      /[<&>\u2028]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    const response = await post(escaped);
    expect(await response.json()).toMatchObject({ alerts: MAX_ALERTS, opened: 1 });
  });

  it("that never ends holds no other up, but gives way", async () => {
    await start();
    const hanging = Array.from({ length: 12 }, () => halfSent(server.url, MAX_BODY_BYTES / 2));
    await Promise.all(hanging.map(({ sent }) => sent));
    await sleep(1_100);
    const whole = await post(alertmanager(receivedAlert()));
    expect(whole.status).toBe(200);
    const answer = await Promise.race(hanging.map(({ answered }) => answered));
    expect(answer).toMatch(/"code":"(overloaded|request_timeout)"/);
    for (const { end } of hanging) end();
  });

  it("with as many alerts as are allowed becomes one incident, and with more is refused", async () => {
    await start();
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        receivedAlert({ fingerprint: `f${i}`, annotations: {} }),
      );
    const full = await post(alertmanager(...many(MAX_ALERTS)));
    expect(await full.json()).toMatchObject({
      alerts: MAX_ALERTS,
      opened: 1,
      added: MAX_ALERTS - 1,
    });
    const response = await post(alertmanager(...many(MAX_ALERTS + 1)));
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: "too_many_alerts", limit: MAX_ALERTS });
    const tooMany = await post(alertmanager(...many(100_000)));
    expect(tooMany.status).toBe(413);
    expect(await tooMany.json()).toMatchObject({ code: "body_too_large" });
    expect(await filesOf()).toHaveLength(1);
    expect(refused).toBe(2);
  });
});

describe("a payload that is wrong", () => {
  const whole = receivedAlert();
  it.each<[string, unknown, number, string]>([
    ["nothing", "", 400, "invalid_json"],
    ["half of it", JSON.stringify(alertmanager(whole)).slice(0, 100), 400, "invalid_json"],
    ["a list", [], 400, "invalid_alerts"],
    ["no alerts", { version: "4" }, 400, "invalid_alerts"],
    ["another version", { version: "3", alerts: [] }, 400, "unknown_alerts_version"],
    ["an alert that is null", alertmanager(null as never), 400, "invalid_alerts"],
    ["no fingerprint", alertmanager({ ...whole, fingerprint: undefined }), 400, "invalid_alerts"],
    [
      "a path as fingerprint",
      alertmanager({ ...whole, fingerprint: "../x" }),
      400,
      "invalid_alerts",
    ],
    ["a status", alertmanager({ ...whole, status: "burning" }), 400, "invalid_alerts"],
    ["a time", alertmanager({ ...whole, startsAt: "yesterday" }), 400, "invalid_alerts"],
    ["labels", alertmanager(whole, { ...whole, labels: { a: 1 } }), 400, "invalid_alerts"],
  ])(
    "in %s is a problem with a code, and nothing is recorded",
    async (_what, body, status, code) => {
      await start();
      const response = await post(body);
      expect(response.status).toBe(status);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(await response.json()).toMatchObject({ code });
      expect(await filesOf()).toEqual([]);
      expect(refused).toBe(1);
    },
  );
});

it("asks for the token, the method and the media type", async () => {
  await start({ token: "0123456789abcdef" });
  const payload = alertmanager(receivedAlert());
  expect((await post(payload)).status).toBe(401);
  const authorization = "Bearer 0123456789abcdef";
  expect((await post(payload, { authorization, "Content-Type": "text/plain" })).status).toBe(415);
  const get = await fetch(`${server.url}/v1/alerts`, { headers: { authorization } });
  expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  expect((await post(payload, { authorization })).status).toBe(200);
});

it("answers 500 with a code when the folder cannot be used, and goes on", async () => {
  await start({}, join(root, "HeadroomMemoryHigh.md", "incidents"));
  const response = await post(alertmanager(receivedAlert()));
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ code: "storage_failed", reason: "ENOTDIR" });
  expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
});
