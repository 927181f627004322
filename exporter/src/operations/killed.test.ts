import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Incidents } from "./incidents.ts";
import { IncidentStore } from "./incident-store.ts";
import { notification } from "./testing/example-alerts.ts";

const WRITER = fileURLToPath(new URL("./testing/killed-writer.ts", import.meta.url));
const AT_ONCE = 3;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "headroom-killed-"));
});
afterAll(() => rm(root, { recursive: true }));

/** Runs the writer until its n-th step; gives what it had answered and whether it was killed. */
async function killedAt(step: number) {
  const folder = join(root, String(step), "incidents");
  const child = spawn(process.execPath, ["--import", "tsx", WRITER, folder, String(step)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [answered, [code, signal]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (signal !== "SIGKILL") expect(code).toBe(0);
  return { folder, step, killed: signal === "SIGKILL", answered: answered.trim().split("\n") };
}

/** What is on the disk after a kill, and after the sender has sent everything again. */
async function checkRecovery({ folder, step, answered }: Awaited<ReturnType<typeof killedAt>>) {
  const store = new IncidentStore(folder);
  const before = [...(await store.list()).values()].flatMap(({ incident }) => incident.alerts);
  const there = before.map(({ fingerprint }) => fingerprint);
  for (const fingerprint of answered.filter(Boolean)) {
    expect({ step, there }).toEqual({ step, there: expect.arrayContaining([fingerprint]) });
  }
  expect({ step, broken: [...store.broken] }).toEqual({ step, broken: [] });

  const nothing = (): void => {};
  const incidents = new Incidents({
    store,
    surroundings: () => ({ build: "test", model: "none", hardware: "none" }),
    observer: { notified: nothing, resolved: nothing },
    logger: { info: nothing, warn: nothing, error: nothing },
  });
  for (const fingerprint of ["1", "2"]) await incidents.receive([notification({ fingerprint })]);
  const [file, ...others] = [...(await store.list()).values()];
  expect({ step, others }).toEqual({ step, others: [] });
  expect(file!.incident.alerts.map(({ fingerprint }) => fingerprint)).toEqual(["1", "2"]);
  expect(file!.body.match(/\*\*firing\*\*/g)).toHaveLength(2);
  expect((await readdir(folder)).filter((name) => !name.endsWith(".md"))).toEqual([]);
}

describe("a process that is killed while it writes an incident", () => {
  it("loses nothing that it had answered, at whichever step on the disk it is killed", async () => {
    let kills = 0;
    for (let step = 1; ; step += AT_ONCE) {
      const steps = Array.from({ length: AT_ONCE }, (_, i) => step + i);
      const runs = await Promise.all(steps.map(killedAt));
      for (const run of runs) await checkRecovery(run);
      kills += runs.filter(({ killed }) => killed).length;
      if (runs.some(({ killed }) => !killed)) break;
    }
    // Each of two notifications is at least a lock, an open, a write, a sync, a rename and a release.
    expect(kills).toBeGreaterThan(12);
  }, 120_000);
});
