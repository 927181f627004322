import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { startTellingAlertmanager } from "../testing/alertmanager.ts";
import { receivedAlert } from "../testing/example-alerts.ts";
import { startOwnIncidents, type OwnIncidents } from "../testing/incidents-process.ts";

/** Holds an incident of a few alerts, and not one of hundreds. */
const FULL_AT_KILOBYTES = 8;
const MANY = 200;

let data: string;
let incidents: string;
let own: OwnIncidents;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "headroom-disk-"));
  incidents = join(data, "incidents");
  await mkdir(incidents);
  // The process of these tests runs as nobody when they run as root.
  await allow(0o777);
});
afterEach(async () => {
  await own.stop();
  await rm(data, { recursive: true });
});

async function allow(mode: number): Promise<void> {
  await chmod(data, mode);
  await chmod(incidents, mode);
}

async function notify(...alerts: readonly object[]) {
  const response = await fetch(`${own.url}/v1/alerts`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ version: "4", alerts }),
  });
  return { status: response.status, answer: (await response.json()) as object };
}

/** Every file of the folder with its text, half-written ones too; the lock comes and goes. */
async function texts(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(incidents)).filter((name) => name !== ".lock").sort();
  const read = names.map((n) => readFile(join(incidents, n), "utf8").then((t) => [n, t] as const));
  return new Map(await Promise.all(read));
}

const alive = async (): Promise<boolean> => (await fetch(`${own.url}/healthz`)).ok;
const second = receivedAlert({ fingerprint: "b2" });
const many = Array.from({ length: MANY }, (_, i) => receivedAlert({ fingerprint: `f${i}` }));

describe("a disk that is full", () => {
  it("is answered with storage_full, leaves the old text, and takes everything when there is room", async () => {
    own = await startOwnIncidents(incidents, { fullAtKilobytes: FULL_AT_KILOBYTES });
    expect(await notify(receivedAlert())).toMatchObject({ status: 200, answer: { opened: 1 } });
    const before = await texts();

    expect(await notify(...many)).toMatchObject({
      status: 507,
      answer: { code: "storage_full", reason: "EFBIG" },
    });
    expect(await texts()).toEqual(before);
    await until(async () => own.logged.join("").includes("no room left where incidents are kept"));
    expect(await alive()).toBe(true);
    // What still fits is recorded.
    expect(await notify(second)).toMatchObject({ status: 200, answer: { added: 1 } });

    await own.stop();
    own = await startOwnIncidents(incidents);
    expect(await notify(receivedAlert(), second, ...many)).toMatchObject({
      status: 200,
      answer: { repeated: 2, added: MANY },
    });
    expect((await texts()).size).toBe(1);
  });

  it("that has no room even for the first incident leaves nothing behind", async () => {
    own = await startOwnIncidents(incidents, { fullAtKilobytes: 0 });
    expect(await notify(receivedAlert())).toMatchObject({
      status: 507,
      answer: { code: "storage_full" },
    });
    expect(await texts()).toEqual(new Map());
    expect(await alive()).toBe(true);
  });
});

describe("a folder that may not be written", () => {
  it("is answered with storage_failed, and works again as soon as it may", async () => {
    own = await startOwnIncidents(incidents);
    expect(await notify(receivedAlert())).toMatchObject({ status: 200 });
    const before = await texts();

    await allow(0o555);
    expect(await notify(second)).toMatchObject({
      status: 500,
      answer: { code: "storage_failed", reason: "EACCES" },
    });
    expect(await texts()).toEqual(before);
    expect(await alive()).toBe(true);

    await allow(0o777);
    expect(await notify(second)).toMatchObject({ status: 200, answer: { added: 1 } });
    expect((await texts()).size).toBe(1);
  });

  it("because a file has its name is answered with storage_failed, and works again without it", async () => {
    await rename(incidents, `${incidents}.away`);
    await writeFile(incidents, "");
    own = await startOwnIncidents(incidents);
    expect(await notify(receivedAlert())).toMatchObject({
      status: 500,
      answer: { code: "storage_failed" },
    });
    expect(await alive()).toBe(true);
    await rm(incidents);
    await rename(`${incidents}.away`, incidents);
    expect(await notify(receivedAlert())).toMatchObject({ status: 200, answer: { opened: 1 } });
  });

  it("loses no alert: Alertmanager sends it again until it is recorded", async () => {
    own = await startOwnIncidents(incidents);
    const alertmanager = await startTellingAlertmanager(own.url);
    try {
      await allow(0o555);
      await alertmanager.fire({ alertname: "HeadroomMemoryHigh", severity: "warning" });
      await until(async () => (await failures()) > 0);
      expect(await texts()).toEqual(new Map());
      await allow(0o777);
      await until(async () => (await readdir(incidents)).some((name) => name.endsWith(".md")));
      const [[name, text] = ["", ""], ...others] = await texts();
      expect(others).toEqual([]);
      expect(name).toContain("HeadroomMemoryHigh");
      expect(text).toContain("**firing** HeadroomMemoryHigh (warning)");
    } finally {
      await alertmanager.stop();
    }
  });
});

/** Alerts that could not be written, as they are counted. */
async function failures(): Promise<number> {
  const text = await (await fetch(`${own.url}/metrics`)).text();
  const [, count] =
    /^headroom_alert_notifications_total\{outcome="failed"\} (\d+)$/m.exec(text) ?? [];
  return Number(count);
}

/** Alertmanager waits longer after each failure, but never for minutes. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error("it did not happen within a minute");
    await sleep(50);
  }
}
