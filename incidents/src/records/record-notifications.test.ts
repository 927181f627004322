import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { PROBLEMS } from "@headroom/exporter/errors";
import { closeIncident } from "./by-hand.ts";
import { IncidentStore } from "./incident-store.ts";
import { Incidents, storageProblem, type IncidentObserver } from "./record-notifications.ts";
import type { ReceivedAlert } from "./notification.ts";
import { notification } from "../testing/example-alerts.ts";

let folder: string;
let store: IncidentStore;
let observed: string[];
let incidents: Incidents;
const quiet = { info: () => {}, warn: () => {}, error: () => {} };
const observer: IncidentObserver = {
  notified: (outcome, count) => count > 0 && observed.push(`${outcome} ${count}`),
  resolved: (severity, seconds) => observed.push(`${severity} took ${seconds} s`),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-incidents-"));
  store = new IncidentStore(folder);
  observed = [];
  incidents = create(store);
});
// A run of the property without any alert leaves no folder.
afterEach(() => rm(folder, { recursive: true, force: true }));

function create(of: IncidentStore): Incidents {
  return new Incidents({ store: of, observer, logger: quiet });
}

const receive = (...alerts: Partial<ReceivedAlert>[]) =>
  incidents.receive(alerts.map((alert) => notification(alert)));
const onDisk = async () => [...(await new IncidentStore(folder).list()).values()];
const LATER = "2026-01-02T03:14:05.000Z";
const other = {
  labels: { alertname: "HeadroomLatencyCritical", severity: "critical", instance: "elsewhere" },
  fingerprint: "ffff",
};

describe("a firing alert", () => {
  it("opens an incident that says what, where and since when", async () => {
    const { incidents: ids, filings } = await receive({ values: { A: 34e9 } });
    expect(filings).toEqual({ opened: 1, added: 0, resolved: 0, repeated: 0 });
    expect(ids[0]).toMatch(/^20260102T030405Z-HeadroomMemoryHigh-[0-9a-f]{10}$/);
    const text = await readFile(join(folder, `${ids[0]}.md`), "utf8");
    expect(text).toMatch(/^---\nid: ".*"\nstatus: "open"\nalert: "HeadroomMemoryHigh"\n/);
    for (const line of [
      "# HeadroomMemoryHigh (warning)",
      "- Summary: Memory of the process is at 34GB",
      "- Values: A=34000000000",
      "- Source: <http://127.0.0.1:9090/graph?g0.expr=up>",
      "There are none, since HEADROOM_INCIDENTS_PROMETHEUS_URL is not set.",
    ]) {
      expect(text.split("\n")).toContain(line);
    }
  });

  it("is added to the open incident of the same instance, which becomes as bad as it", async () => {
    await receive({});
    const labels = { alertname: "HeadroomErrorRateHigh", severity: "critical" };
    const { filings } = await receive({
      labels: { ...labels, instance: "127.0.0.1:9700" },
      fingerprint: "b2",
    });
    expect(filings).toMatchObject({ opened: 0, added: 1 });
    const [file, ...others] = await onDisk();
    expect(others).toEqual([]);
    expect(file!.incident).toMatchObject({ alert: "HeadroomMemoryHigh", severity: "critical" });
    expect(file!.body).toContain("**firing** HeadroomErrorRateHigh (critical)");
    expect(await incidents.open()).toEqual([file!.incident]);
  });

  it("is added to an open incident with an alert of the same name, and opens one otherwise", async () => {
    await receive({});
    const labels = { alertname: "HeadroomMemoryHigh", severity: "warning", instance: "elsewhere" };
    expect((await receive({ labels, fingerprint: "b2" })).filings).toMatchObject({ added: 1 });
    expect((await receive(other)).filings).toMatchObject({ opened: 1 });
    expect(await onDisk()).toHaveLength(2);
  });

  it("opens another incident when the first one is over", async () => {
    await receive({});
    await receive({ status: "resolved", endsAt: LATER });
    const { filings } = await receive({ startsAt: "2026-01-02T04:00:00.000Z" });
    expect(filings).toMatchObject({ opened: 1 });
    expect((await onDisk()).map(({ incident }) => incident.status)).toEqual(["resolved", "open"]);
  });
});

describe("a resolved alert", () => {
  it("ends the incident when it is the last one, with its duration and what is left to do", async () => {
    await receive({}, { ...other, labels: { ...other.labels, instance: "127.0.0.1:9700" } });
    await receive({ status: "resolved", endsAt: LATER });
    expect((await onDisk())[0]!.incident.status).toBe("open");
    const end = "2026-01-02T03:24:05.000Z";
    await receive({ ...other, status: "resolved", endsAt: end });
    const [{ incident, body } = await Promise.reject(new Error("no incident"))] = await onDisk();
    expect(incident).toMatchObject({ status: "resolved", resolved: end, durationSeconds: 1200 });
    expect(body).toContain(`- ${end} **recovered** after 1200 s`);
    for (const part of ["Root cause", "Preventive measures", "Threshold review"]) {
      expect(body).toContain(`### ${part}`);
    }
    expect(observed).toEqual([
      "opened 1",
      "added 1",
      "resolved 1",
      "resolved 1",
      "critical took 1200 s",
    ]);
  });

  it("that was never seen firing makes a record all the same", async () => {
    const { filings } = await receive({ status: "resolved", endsAt: LATER });
    expect(filings).toMatchObject({ opened: 0, resolved: 1 });
    expect((await onDisk())[0]!.incident).toMatchObject({
      status: "resolved",
      started: expect.any(String),
    });
  });

  it("keeps what a person has written in the file", async () => {
    const { incidents: ids } = await receive({});
    const path = join(folder, `${ids[0]}.md`);
    await writeFile(path, `${await readFile(path, "utf8")}\nIt was the nightly import.\n`);
    await receive({ status: "resolved", endsAt: LATER });
    const text = await readFile(path, "utf8");
    expect(text).toContain("\nIt was the nightly import.\n");
    expect(text).toContain("**recovered** after 600 s");
  });
});

describe("the same notifications again", () => {
  const alert = fc.record({
    fingerprint: fc.constantFrom("1", "2", "3"),
    startsAt: fc.constantFrom("2026-01-02T03:04:05.000Z", "2026-01-02T03:09:05.000Z"),
    status: fc.constantFrom("firing" as const, "resolved" as const),
    endsAt: fc.constant(LATER),
  });

  it("change no byte, in whichever order they come and after a restart", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(alert, { maxLength: 4 }), { maxLength: 4 }),
        async (all) => {
          await rm(folder, { recursive: true, force: true });
          incidents = create(new IncidentStore(folder));
          for (const batch of all) await receive(...batch);
          const before = await onDisk();
          incidents = create(new IncidentStore(folder));
          for (const batch of all.toReversed()) {
            const { filings } = await receive(...batch);
            expect(filings).toEqual({ opened: 0, added: 0, resolved: 0, repeated: batch.length });
          }
          expect(await onDisk()).toEqual(before);
          for (const { incident } of before) {
            const fires = incident.alerts.some(({ endsAt }) => endsAt === undefined);
            expect(incident.status).toBe(fires ? "open" : "resolved");
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe("the fingerprint", () => {
  const times = fc.integer({ min: 0, max: 120 }).map((m) => new Date(Date.UTC(2026, 0, 2, 3, m)));
  const START = "2026-01-02T03:00:00.000Z";

  it("alone says which firing alert has recovered, whatever start the recovery names", async () => {
    await fc.assert(
      fc.asyncProperty(times, fc.integer({ min: 0, max: 60 }), async (startsAt, minutes) => {
        await rm(folder, { recursive: true, force: true });
        incidents = create(new IncidentStore(folder));
        await receive({ startsAt: START }, { ...other, startsAt: START });
        const endsAt = new Date(startsAt.getTime() + minutes * 60_000).toISOString();
        const end = { status: "resolved", startsAt: startsAt.toISOString(), endsAt } as const;
        expect((await receive(end)).filings).toMatchObject({ resolved: 1 });
        const states = (await onDisk()).map(({ incident }) => [incident.alert, incident.status]);
        expect(Object.fromEntries(states)).toEqual({
          HeadroomMemoryHigh: "resolved",
          HeadroomLatencyCritical: "open",
        });
      }),
      { numRuns: 25 },
    );
  });

  it("fires in one incident at a time, but after a person has closed it", async () => {
    const { incidents: ids } = await receive({});
    const again = new Date(Date.now() + 60_000).toISOString();
    expect((await receive({ startsAt: again })).filings).toMatchObject({ repeated: 1 });
    await closeIncident(store, ids[0]!);
    expect((await receive({ startsAt: again })).filings).toMatchObject({ opened: 1 });
    // The recovery is noted in both.
    await receive({ status: "resolved", startsAt: again, endsAt: again });
    const ends = (await onDisk()).flatMap(({ incident }) => incident.alerts.map((a) => a.endsAt));
    expect(ends).toEqual([again, again]);
  });
});

describe("what lies among the incidents", () => {
  it("and is no incident is left alone, and hinders nothing", async () => {
    await mkdir(join(folder, "stray.md"));
    await mkdir(join(folder, "stray.tmp"));
    await writeFile(join(folder, "stray.md", "own.txt"), "mine");
    expect((await receive({})).filings).toMatchObject({ opened: 1 });
    expect(await onDisk()).toHaveLength(1);
    expect(await incidents.open()).toHaveLength(1);
    expect(await readFile(join(folder, "stray.md", "own.txt"), "utf8")).toBe("mine");
    expect(await readdir(folder)).toContain("stray.tmp");
  });
});

describe("a folder that cannot be used", () => {
  it("is told apart from a disk without room; both are sent again", () => {
    const failed = (code: string) => storageProblem(Object.assign(new Error(code), { code }));
    for (const code of ["ENOSPC", "EDQUOT", "EFBIG"]) {
      expect(failed(code).code).toBe("storage_full");
    }
    for (const code of ["EROFS", "EACCES", "EIO"]) expect(failed(code).code).toBe("storage_failed");
    expect([PROBLEMS.storage_full.status, PROBLEMS.storage_failed.status]).toEqual([507, 500]);
  });

  it("is a problem after which the sender tries again, and loses nothing", async () => {
    const file = join(folder, "file");
    await writeFile(file, "");
    const broken = create(new IncidentStore(join(file, "incidents")));
    await expect(broken.receive([notification()])).rejects.toMatchObject({
      code: "storage_failed",
    });
    expect(observed).toEqual(["failed 1"]);
  });

  it("does not end the others when one file was edited until it cannot be read", async () => {
    const { incidents: ids } = await receive({});
    await writeFile(join(folder, `${ids[0]}.md`), "---\nstatus: open\n---\n\nmy notes");
    expect((await receive(other)).filings).toMatchObject({ opened: 1 });
    await store.list();
    expect(store.broken.get(`${ids[0]}.md`)?.message).toContain('not "name: JSON"');
  });
});
