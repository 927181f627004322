import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { IncidentStore } from "@headroom/incidents/records/incident-store";
import { notification } from "@headroom/incidents/testing/example-alerts";
import { incidentsIn } from "@headroom/incidents/testing/works";
import type { Drill } from "./drills.ts";
import { problemsOf } from "./run-drill.ts";

const drill = { alert: "Wanted", silences: ["Silenced"] } as Pick<Drill, "alert" | "silences">;

let runbooks: Server;
let address: string;
let folder: string;
let incidents: IncidentStore;

beforeAll(async () => {
  // Knows a page for each alert but "Lost".
  runbooks = createServer((req, res) => {
    res.statusCode = req.url === "/Lost" ? 404 : 200;
    res.end(`What to do about ${req.url}`);
  }).listen(0, "127.0.0.1");
  await once(runbooks, "listening");
  address = `http://127.0.0.1:${(runbooks.address() as AddressInfo).port}`;
});
afterAll(() => void runbooks.close());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-drill-"));
  incidents = new IncidentStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

async function opened(alertname: string, instance = "a"): Promise<void> {
  const labels = { alertname, severity: "warning", instance };
  const annotations = { runbook_url: `${address}/${alertname}` };
  const alert = notification({ labels, annotations, fingerprint: `${alertname} ${instance}` });
  await incidentsIn(incidents).receive([alert]);
}

const problems = (fired: readonly string[], of: Pick<Drill, "alert" | "beside" | "told"> = drill) =>
  problemsOf(of, { incidents }, new Set(fired));

describe("a drill", () => {
  it("has no problems when its alert fired, alone or with those that it silences", async () => {
    await opened("Wanted");
    expect(await problems(["Wanted"])).toEqual([]);
    expect(await problems(["Wanted", "Silenced"])).toEqual([]);
  });

  it("fails when anything else fired, or has an incident", async () => {
    await opened("Wanted");
    await opened("Other", "b");
    expect(await problems(["Wanted", "Other"])).toEqual([
      "Other fired too",
      expect.stringMatching(/^incidents of (Wanted, Other|Other, Wanted) instead of Wanted$/),
    ]);
  });

  it("fails when an alert that is silenced has the incident, or nobody was told", async () => {
    expect(await problems(["Wanted"])).toEqual(["incidents of nothing instead of Wanted"]);
    await opened("Silenced");
    expect(await problems(["Wanted", "Silenced"])).toEqual([
      "incidents of Silenced instead of Wanted",
    ]);
  });

  it("wants the alerts that break with it in one incident, whichever came first", async () => {
    const both = { alert: "Wanted", beside: ["Worse"] };
    await opened("Worse");
    expect(await problems(["Wanted", "Worse"], both)).toEqual([
      "incidents of Worse instead of Wanted and Worse",
    ]);
    await opened("Wanted");
    expect(await problems(["Wanted", "Worse"], both)).toEqual([]);
  });

  it("fails when what is only shown has an incident", async () => {
    await opened("Wanted");
    expect(await problems(["Wanted"], { ...drill, told: "never" })).toEqual([
      "incidents of Wanted instead of nothing",
    ]);
  });

  it("fails when the runbook that the incident links is not there", async () => {
    await opened("Lost");
    expect(await problems(["Lost"], { alert: "Lost" })).toEqual([
      `${address}/Lost is not the runbook of Lost`,
    ]);
  });
});
