import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { NotPossible } from "./by-hand.ts";
import { IncidentStore } from "./incident-store.ts";
import { incidentText, type IncidentFile } from "./incident.ts";
import { notification } from "../testing/example-alerts.ts";
import { incidentsIn, RESOLVED_AT, WORKS } from "../testing/works.ts";

const WRITER = fileURLToPath(new URL("../testing/killed-writer.ts", import.meta.url));
const AT_ONCE = 3;

type Name = keyof typeof WORKS;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "headroom-killed-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A folder as the work finds it. */
async function prepared(work: Name, step: number): Promise<IncidentStore> {
  const store = new IncidentStore(join(root, `${work}-${step}`, "incidents"));
  if (work === "open") return store;
  await incidentsIn(store).receive([notification()]);
  if (work !== "prune") return store;
  // Two, of which only one is over and closed.
  await incidentsIn(store).receive([notification({ status: "resolved", endsAt: RESOLVED_AT })]);
  await WORKS.close(store, () => {});
  const other = { labels: { alertname: "HeadroomErrorRateHigh" }, fingerprint: "b2" };
  await incidentsIn(store).receive([notification(other)]);
  return store;
}

const filesOf = async (store: IncidentStore): Promise<IncidentFile[]> => [
  ...(await store.list()).values(),
];

/** The texts of the files, without the times at which people did something. */
async function textsOf(store: IncidentStore): Promise<string[]> {
  const names = (await readdir(store.folder).catch(() => [])).filter((n) => n.endsWith(".md"));
  const texts = names.sort().map((name) => readFile(join(store.folder, name), "utf8"));
  return (await Promise.all(texts)).map((one) =>
    one.replaceAll(/20(?!26-01-02)\d\d-[\d-]+T[\d:.]+Z/g, "(now)"),
  );
}

/** Runs the writer until its n-th step; says what it had answered and whether it was killed. */
async function killedAt(work: Name, step: number) {
  const store = await prepared(work, step);
  const before = await textsOf(store);
  const child = spawn(process.execPath, [WRITER, work, store.folder, String(step)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [answers, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  const killed = signal === "SIGKILL";
  if (!killed) expect({ work, step, code }).toEqual({ work, step, code: 0 });
  return { work, step, store, before, killed, answered: answers.split("\n").filter(Boolean) };
}

type Run = Awaited<ReturnType<typeof killedAt>>;

/** Kills the work at each of its steps; gives all runs, of which the last one was not killed. */
async function killedAtEachStep(work: Name): Promise<Run[]> {
  const all: Run[] = [];
  while (all.every(({ killed }) => killed)) {
    const steps = Array.from({ length: AT_ONCE }, (_, i) => all.length + 1 + i);
    all.push(...(await Promise.all(steps.map((step) => killedAt(work, step)))));
  }
  return all;
}

/** Nothing torn and nothing left over, once somebody has written again. */
async function checkFolder({ step, store }: Run): Promise<void> {
  await store.change(() => ({ result: undefined, changed: [] }));
  expect({ step, broken: [...store.broken] }).toEqual({ step, broken: [] });
  expect((await readdir(store.folder)).filter((name) => !name.endsWith(".md"))).toEqual([]);
}

describe("a process that is killed while it writes an incident", () => {
  it("loses nothing that it had answered, at whichever step on the disk it is killed", async () => {
    const runs = await killedAtEachStep("open");
    for (const run of runs) {
      const { step, store, answered } = run;
      const alerts = (await filesOf(store)).flatMap(({ incident }) => incident.alerts);
      const there = alerts.map(({ fingerprint }) => fingerprint);
      expect({ step, there }).toEqual({ step, there: expect.arrayContaining(answered) });

      await WORKS.open(store, () => {});
      const [file, ...others] = await filesOf(store);
      expect({ step, others }).toEqual({ step, others: [] });
      expect(file!.incident.alerts.map(({ fingerprint }) => fingerprint)).toEqual(["1", "2"]);
      expect(file!.body.match(/\*\*firing\*\*/g)).toHaveLength(2);
      await checkFolder(run);
    }
    // Each of two notifications is at least a lock, an open, a write, a sync, a rename and a release.
    expect(runs.filter(({ killed }) => killed).length).toBeGreaterThan(12);
  });

  it.each(["resolve", "note", "close", "prune"] as const)(
    "has done all of %s or nothing of it, and what is done again is done once",
    async (work) => {
      const runs = await killedAtEachStep(work);
      const whole = await textsOf(runs.at(-1)!.store);
      expect(whole).not.toEqual(runs.at(-1)!.before);
      for (const run of runs) {
        const { step, store, before, answered } = run;
        const after = await textsOf(store);
        const possible = answered.length > 0 ? [whole] : [before, whole];
        expect({ step, possible }).toEqual({ step, possible: expect.arrayContaining([after]) });

        await WORKS[work](store, () => {}).catch((error: unknown) => {
          // Closed already, and so says the command.
          expect(error).toBeInstanceOf(NotPossible);
        });
        expect({ step, texts: await textsOf(store) }).toEqual({ step, texts: whole });
        await checkFolder(run);
      }
      // A lock, what it is done to, the folder's sync and a release.
      expect(runs.filter(({ killed }) => killed).length).toBeGreaterThan(5);
    },
    300_000,
  );

  it("has told the whole story at the end, each line of it once", async () => {
    const store = await prepared("resolve", 0);
    for (const work of ["note", "note", "resolve", "resolve", "close"] as const) {
      await WORKS[work](store, () => {});
    }
    const [file, ...others] = await filesOf(store);
    expect(others).toEqual([]);
    const said = incidentText(file!).match(/(?<=Z )\*\*\w+\*\*/g);
    expect(said).toEqual(
      ["firing", "note", "resolved", "recovered", "closed"].map((word) => `**${word}**`),
    );
  });
});
