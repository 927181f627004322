import { describe, expect, it } from "@jest/globals";
import { PART_LIMIT_MS, readSnapshot } from "./read-snapshot.ts";
import { SNAPSHOT_PARTS } from "./snapshot.ts";
import { HangingReader, PROMPT_READERS } from "./testing/scripted-readers.ts";

/** Time limits that this machine does not miss when other tests run beside. */
const GENEROUS = Object.fromEntries(
  SNAPSHOT_PARTS.map((part) => [part, 20_000]),
) as typeof PART_LIMIT_MS;

describe("readSnapshot", () => {
  it("reads this machine", async () => {
    const snapshot = await readSnapshot(SNAPSHOT_PARTS, { limitMs: GENEROUS });
    const { cpu, memory, disks, processes, uptime, unavailable } = snapshot;
    expect(unavailable).toEqual([]);
    expect(Date.parse(snapshot.takenAt)).not.toBeNaN();
    expect(cpu!.usagePerCore).toHaveLength(cpu!.cores);
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
      const { processes } = await readSnapshot(["processes"], { limitMs: GENEROUS });
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
    const snapshot = await readSnapshot(["uptime"], { readers: PROMPT_READERS });
    expect(Object.keys(snapshot).sort()).toEqual(["takenAt", "unavailable", "uptime"]);
  });

  it("lists what fails or is late as unavailable and goes on with the rest", async () => {
    const snapshot = await readSnapshot(SNAPSHOT_PARTS, {
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
    const snapshot = await readSnapshot(["battery"], { readers: PROMPT_READERS });
    expect(snapshot.unavailable).toEqual([]);
    expect(snapshot).not.toHaveProperty("battery");
  });

  it("has its parts within a third of the shortest target", () => {
    expect(Math.max(...Object.values(PART_LIMIT_MS))).toBeLessThan(2000 / 3);
  });
});
