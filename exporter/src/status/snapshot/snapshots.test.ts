import { getEventListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { PART_LIMIT_MS } from "./read-snapshot.ts";
import { SNAPSHOT_PARTS } from "./snapshot.ts";
import { createSnapshots } from "./snapshots.ts";
import { HangingReader, PROMPT_READERS } from "./testing/scripted-readers.ts";

/** Snapshots whose uptime tells how often it was read, on a clock that the test sets. */
function counted(ttlSeconds = 2) {
  const time = { now: 0 };
  let reads = 0;
  const snapshots = createSnapshots({
    ttlSeconds,
    clock: () => time.now,
    readers: {
      ...PROMPT_READERS,
      uptime: async () => {
        reads += 1;
        await pause(5);
        if (reads === 3) throw new Error("the third fails");
        return { seconds: reads };
      },
    },
  });
  return { snapshots, time, reads: () => reads };
}

describe("createSnapshots", () => {
  it("reads once for a thousand requests at the same time", async () => {
    const { snapshots, reads } = counted();
    const all = await Promise.all(
      Array.from({ length: 1000 }, async () => snapshots.take(SNAPSHOT_PARTS)),
    );
    expect(reads()).toBe(1);
    expect(new Set(all.map(({ uptime }) => uptime?.seconds))).toEqual(new Set([1]));
    snapshots.close();
  });

  it("reads again when a part is not fresh any more, also when it failed", async () => {
    const { snapshots, time } = counted(2);
    const take = async (now: number) => {
      time.now = now;
      const { uptime, unavailable } = await snapshots.take(["uptime"]);
      return uptime?.seconds ?? unavailable[0]?.reason;
    };
    expect(await take(0)).toBe(1);
    expect(await take(1999)).toBe(1);
    expect(await take(2000)).toBe(2);
    expect(await take(4000)).toBe("the third fails");
    expect(await take(5999)).toBe("the third fails");
    expect(await take(6000)).toBe(4);
    snapshots.close();
  });

  it("starts no second reading while one hangs, and nobody waits for it again", async () => {
    const hanging = new HangingReader();
    const snapshots = createSnapshots({
      ttlSeconds: 0,
      readers: { ...PROMPT_READERS, disks: hanging.read },
      limitMs: { ...PART_LIMIT_MS, disks: 20 },
    });
    const late = [{ part: "disks", reason: "took longer than 20 ms" }];
    expect((await snapshots.take(["disks", "uptime"])).unavailable).toEqual(late);
    for (let round = 0; round < 3; round++) {
      const snapshot = snapshots.take(["disks"]);
      // Nothing but promises may be in the way: no timer runs within one turn of the event loop.
      const turn = new Promise((resolve) => setImmediate(resolve, "a turn later"));
      expect(await Promise.race([snapshot, turn])).toMatchObject({ unavailable: late });
    }
    expect(hanging.started).toBe(1);
    snapshots.close();
  });

  it("uses what came late at the next request", async () => {
    let finish: (value: { seconds: number }) => void = () => {};
    const snapshots = createSnapshots({
      ttlSeconds: 60,
      readers: {
        ...PROMPT_READERS,
        uptime: async () => new Promise((resolve) => (finish = resolve)),
      },
      limitMs: { ...PART_LIMIT_MS, uptime: 10 },
    });
    expect((await snapshots.take(["uptime"])).unavailable).toHaveLength(1);
    finish({ seconds: 7 });
    await pause(1);
    expect((await snapshots.take(["uptime"])).uptime).toEqual({ seconds: 7 });
    snapshots.close();
  });

  it("is as old as its oldest part", async () => {
    const { snapshots } = counted();
    const { takenAt } = await snapshots.take(["uptime"]);
    await pause(5);
    expect((await snapshots.take(["uptime", "memory"])).takenAt).toBe(takenAt);
    snapshots.close();
  });

  it("lets one leave while the others go on, and forgets its signal", async () => {
    const { snapshots, reads } = counted();
    const caller = new AbortController();
    const leaving = snapshots.take(["uptime"], caller.signal);
    const staying = snapshots.take(["uptime"]);
    caller.abort(new Error("gone"));
    await expect(leaving).rejects.toThrow("gone");
    await expect(snapshots.take(["uptime"], caller.signal)).rejects.toThrow("gone");
    expect((await staying).uptime).toEqual({ seconds: 1 });
    expect(reads()).toBe(1);
    const patient = new AbortController();
    await snapshots.take(["uptime"], patient.signal);
    expect(getEventListeners(patient.signal, "abort")).toHaveLength(0);
    snapshots.close();
  });

  it("ends everything when it is closed, without a timer left", async () => {
    const hanging = new HangingReader();
    const snapshots = createSnapshots({
      ttlSeconds: 2,
      // Of this machine, so that their pauses are under way too.
      limitMs: { ...PART_LIMIT_MS, uptime: 60_000 },
    });
    const before = timers();
    const taking = snapshots.take(["cpu", "processes", "network", "uptime"]);
    const other = createSnapshots({
      ttlSeconds: 2,
      readers: { ...PROMPT_READERS, disks: hanging.read },
    });
    const hung = other.take(["disks"]);
    await pause(1);
    snapshots.close();
    other.close();
    await expect(taking).rejects.toThrow("the snapshots were closed");
    await expect(hung).rejects.toThrow("the snapshots were closed");
    await expect(snapshots.take(["uptime"])).rejects.toThrow("the snapshots were closed");
    expect(timers()).toBe(before);
  });
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
}
