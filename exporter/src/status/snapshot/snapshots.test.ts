import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { HangingReader, PROMPT_READERS } from "../testing/scripted-readers.ts";
import { SNAPSHOT_PARTS, type SnapshotPart } from "./snapshot.ts";
import { createSnapshots, PART_LIMIT_MS, type SnapshotsOptions } from "./snapshots.ts";

/** Time limits that this machine does not miss when other tests run beside. */
const GENEROUS = Object.fromEntries(
  SNAPSHOT_PARTS.map((part) => [part, 20_000]),
) as typeof PART_LIMIT_MS;

/** One snapshot of freshly opened ones. */
async function readOnce(
  parts: readonly SnapshotPart[],
  options: Omit<SnapshotsOptions, "ttlSeconds"> = {},
) {
  const snapshots = createSnapshots({ ttlSeconds: 2, ...options });
  try {
    return await snapshots.take(parts);
  } finally {
    snapshots.close();
  }
}

describe("a snapshot", () => {
  it("reads this machine", async () => {
    const snapshot = await readOnce(SNAPSHOT_PARTS, { limitMs: GENEROUS });
    const { cpu, memory, disks, processes, uptime, unavailable } = snapshot;
    expect(unavailable).toEqual([]);
    expect(Date.parse(snapshot.takenAt)).not.toBeNaN();
    expect(cpu!.cores).toBeGreaterThan(0);
    expect(memory!.usedBytes).toBeGreaterThan(0);
    expect(memory!.usedBytes).toBeLessThanOrEqual(memory!.totalBytes);
    for (const disk of disks!) expect(disk.usedBytes).toBeLessThanOrEqual(disk.totalBytes);
    expect(new Set(disks!.map(({ mount }) => mount)).size).toBe(disks!.length);
    expect(processes!.count).toBeGreaterThan(1);
    expect(uptime!.seconds).toBeGreaterThan(0);
  });

  it("lists the heaviest processes, which are at least as heavy as this one", async () => {
    const ballast = Buffer.alloc(300e6, 1);
    const busy = setInterval(() => {
      const until = performance.now() + 20;
      while (performance.now() < until);
    }, 25);
    try {
      const { processes } = await readOnce(["processes"], { limitMs: GENEROUS });
      const memory = processes!.topByMemory.map(({ memoryBytes }) => memoryBytes);
      expect(memory[0]).toBeGreaterThan(ballast.length);
      expect(memory).toEqual(memory.toSorted((a, b) => b - a));
      const cpu = processes!.topByCpu.map(({ cpuShare }) => cpuShare);
      // Others may want the processors too, but then they are the heaviest.
      expect(cpu[0]).toBeGreaterThan(0.05);
      expect(cpu).toEqual(cpu.toSorted((a, b) => b - a));
    } finally {
      clearInterval(busy);
    }
  });

  it("reads only what was asked for", async () => {
    const snapshot = await readOnce(["uptime"], { readers: PROMPT_READERS });
    expect(Object.keys(snapshot).sort()).toEqual(["takenAt", "unavailable", "uptime"]);
  });

  it("lists what fails or is late as unavailable and goes on with the rest", async () => {
    const snapshot = await readOnce(SNAPSHOT_PARTS, {
      readers: {
        ...PROMPT_READERS,
        disks: new HangingReader().read,
        network: async () => {
          throw new Error(`no such device\n${"x".repeat(500)}`);
        },
        processes: () => {
          throw new Error("y".repeat(500));
        },
      },
      limitMs: { ...PART_LIMIT_MS, disks: 30 },
    });
    expect(snapshot.unavailable).toEqual([
      { part: "disks", reason: "took longer than 30 ms" },
      { part: "network", reason: "no such device" },
      { part: "processes", reason: "y".repeat(120) },
    ]);
    expect(snapshot.memory?.totalBytes).toBe(24e9);
  });

  it("does not call the battery unavailable on a machine that has none", async () => {
    const snapshot = await readOnce(["battery"], { readers: PROMPT_READERS });
    expect(snapshot.unavailable).toEqual([]);
    expect(snapshot).not.toHaveProperty("battery");
  });

  it("has its parts within a third of the shortest target", () => {
    expect(Math.max(...Object.values(PART_LIMIT_MS))).toBeLessThan(2000 / 3);
  });
});

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
