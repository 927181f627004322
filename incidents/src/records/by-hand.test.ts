import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { closeIncident, parseAge, pruneIncidents } from "./by-hand.ts";
import { IncidentStore } from "./incident-store.ts";
import { notification } from "../testing/example-alerts.ts";
import { incidentsIn, RESOLVED_AT } from "../testing/works.ts";

const TOMORROW = new Date(Date.now() + 86_400_000).toISOString();

let root: string;
let store: IncidentStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "headroom-prune-"));
  store = new IncidentStore(join(root, "incidents"));
});
afterEach(() => rm(root, { recursive: true }));

/** An incident of an alert of its own; the name tells it from the others. */
async function incident(alertname: string, ...done: ("resolved" | "closed")[]): Promise<void> {
  const alert = { labels: { alertname }, fingerprint: alertname };
  await incidentsIn(store).receive([notification(alert)]);
  if (done.includes("closed")) await closeIncident(store, alertname);
  if (!done.includes("resolved")) return;
  await incidentsIn(store).receive([
    notification({ ...alert, status: "resolved", endsAt: RESOLVED_AT }),
  ]);
}

const left = async (): Promise<string[]> =>
  [...(await store.list()).values()].map(({ incident }) => incident.alert).sort();

describe("pruning incidents", () => {
  beforeEach(async () => {
    // One after the other, so that none becomes part of an open one.
    await incident("Over", "resolved", "closed");
    await incident("Recovered", "resolved");
    await incident("StillFiring", "closed");
    await incident("Open");
  });

  it("removes what is closed and over, and names what is as old and stays", async () => {
    const { removed, kept } = await pruneIncidents(store, { before: TOMORROW, dryRun: false });
    expect(removed.map(({ alert }) => alert)).toEqual(["Over"]);
    expect(kept.map(({ alert }) => alert).sort()).toEqual(["Open", "Recovered", "StillFiring"]);
    expect(await left()).toEqual(["Open", "Recovered", "StillFiring"]);
    // A repeated notification of the one that fires still finds its record.
    const alert = { labels: { alertname: "StillFiring" }, fingerprint: "StillFiring" };
    const { filings } = await incidentsIn(store).receive([notification(alert)]);
    expect(filings).toMatchObject({ repeated: 1, opened: 0 });
  });

  it("removes nothing that was closed later, however long ago it began", async () => {
    const before = new Date(Date.now() - 86_400_000).toISOString();
    const { removed } = await pruneIncidents(store, { before, dryRun: false });
    expect(removed).toEqual([]);
    expect(await left()).toHaveLength(4);
  });

  it("in a dry run says the same and removes nothing", async () => {
    const { removed } = await pruneIncidents(store, { before: TOMORROW, dryRun: true });
    expect(removed.map(({ alert }) => alert)).toEqual(["Over"]);
    expect(await left()).toHaveLength(4);
  });
});

it("pruning where nothing is makes no folder", async () => {
  const pruned = await pruneIncidents(store, { before: TOMORROW, dryRun: false });
  expect(pruned).toEqual({ removed: [], kept: [] });
  expect(await readdir(root)).toEqual([]);
});

describe("an age", () => {
  it.each([
    ["12h", 12],
    ["90d", 90 * 24],
    ["2w", 14 * 24],
  ])("%s is %d hours", (text, hours) => {
    expect(parseAge(text)).toBe(hours * 3_600_000);
  });

  it.each(["", "90", "d", "0d", "-1d", "1.5d", "90 d", "90days", "1m", "999999d"])(
    "%j is refused",
    (text) => {
      expect(() => parseAge(text)).toThrow("an age is like 12h, 90d or 2w");
    },
  );
});
