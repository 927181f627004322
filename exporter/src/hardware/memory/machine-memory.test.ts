import { readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { isBroken } from "@headroom/alerts/headroom";
import { limitsWithin } from "@headroom/alerts/limits";
import { valueOf } from "../facts.ts";
import { machineOf, recordedMachine } from "../testing/recorded-machine.ts";
import { fullest, memoryFacts, readMachineMemory } from "./machine-memory.ts";
import { byScope } from "./memory-reader.ts";

const GIB = 2 ** 30;

const mac = (name: string) =>
  machineOf(readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8"));

const linux = (files: Readonly<Record<string, string>>) =>
  machineOf(
    ">>> machine linux x64 parallelism=8\n" +
      Object.entries(files)
        .map(([path, text]) => `>>> file ${path}\n${text}\n`)
        .join(""),
  );

const MEMINFO =
  "MemTotal:       65536000 kB\nMemFree:         1000000 kB\nMemAvailable:   40000000 kB\n" +
  "SwapTotal:       2097148 kB\nSwapFree:        2000000 kB";

describe("the memory of a Mac", () => {
  // Pages of the recording: (anonymous - purgeable + wired + occupied by the compressor) x 16,384.
  it.each([
    ["m1-pro-16gb-loaded", 13.13],
    ["m4-16gb", 8.79],
    ["m5-pro-48gb-idle", 15.65],
    ["intel-32gb-idle", 4.46],
  ])("of %s in use is %p GiB, as Activity Monitor adds it up", async (name, gibibytes) => {
    const system = valueOf((await readMachineMemory(mac(name))).system);
    expect(system!.usedBytes / GIB).toBeCloseTo(gibibytes, 2);
  });

  it("does not grow when a file is read, although hardly a page is free then", async () => {
    const used = async (name: string) => valueOf((await readMachineMemory(mac(name))).system)!;
    const [before, after] = [await used("m4-16gb"), await used("m4-16gb-file-read")];
    expect(after.usedBytes).toBeLessThan(before.usedBytes);
  });

  it("breaks no limit on an idle reference machine", async () => {
    const { system } = byScope({
      machine: await readMachineMemory(mac("m5-pro-48gb-idle")),
      processes: { bytes: new Map(), source: "rss" },
    });
    expect(system?.capacityBytes).toBe(48 * GIB);
    for (const limit of limitsWithin({ system: system!.capacityBytes })) {
      if (limit.scope === "system") expect(isBroken(limit, system!.usedBytes)).toBe(false);
    }
  });

  it("tells swap without a share, in whatever language, and the kernel's own pressure", async () => {
    const read = async (name: string) => {
      const { swap, pressure } = await readMachineMemory(mac(name));
      return [valueOf(swap), valueOf(pressure!)];
    };
    expect(await read("m4-16gb")).toEqual([{ usedBytes: Math.round(11947.44 * 2 ** 20) }, 1]);
    expect(await read("m4-16gb-file-read")).toEqual([
      { usedBytes: Math.round(379.25 * 2 ** 20) },
      1,
    ]);
    expect(await read("m1-pro-16gb-loaded")).toMatchObject([{}, 2]);
  });

  it("is not known where the system is too old to tell it, and says why", async () => {
    const { system, pressure } = await readMachineMemory(mac("macos-10.6"));
    expect(system).toEqual({ known: false, reason: "Anonymous pages: no number" });
    expect(pressure).toMatchObject({ known: false });
  });
});

describe("the memory of a Linux machine", () => {
  it("is all but what is available, with swap of a fixed size", async () => {
    const { system, container, swap, pressure } = await readMachineMemory(
      linux({ "/proc/meminfo": MEMINFO }),
    );
    const KIB = 1024;
    expect(valueOf(system)).toEqual({
      usedBytes: (65_536_000 - 40_000_000) * KIB,
      capacityBytes: 65_536_000 * KIB,
    });
    expect(container).toEqual({ known: true, value: undefined });
    expect(valueOf(swap)).toEqual({
      usedBytes: (2_097_148 - 2_000_000) * KIB,
      totalBytes: 2_097_148 * KIB,
    });
    expect(pressure).toBeUndefined();
  });

  it("is the container's beside the host's, by the smallest limit of any level", async () => {
    const memory = await readMachineMemory(
      linux({
        "/proc/meminfo": MEMINFO,
        "/proc/self/cgroup": "0::/pod/app",
        "/sys/fs/cgroup/pod/app/memory.max": "max",
        "/sys/fs/cgroup/pod/app/memory.current": "1",
        "/sys/fs/cgroup/pod/memory.max": "4000000000",
        "/sys/fs/cgroup/pod/memory.current": "1500000000",
        "/sys/fs/cgroup/pod/memory.stat": "inactive_file 500000000",
        "/sys/fs/cgroup/memory.max": "8000000000",
        "/sys/fs/cgroup/memory.current": "7000000000",
      }),
    );
    expect(valueOf(memory.container)).toEqual({
      usedBytes: 1e9,
      capacityBytes: 4e9,
      // The parent is reached first.
      leftBytes: 1e9,
      version: "cgroup2",
    });
    expect(valueOf((await memoryFacts(memory)).availableMemoryBytes)).toBe(1e9);
  });

  it("is not a container's where the limit is above what the machine has", async () => {
    const { container } = await readMachineMemory(
      linux({
        "/proc/meminfo": MEMINFO,
        "/proc/self/cgroup": "0::/",
        "/sys/fs/cgroup/memory.max": "99999999999999",
        "/sys/fs/cgroup/memory.current": "5",
      }),
    );
    expect(container).toEqual({ known: true, value: undefined });
  });
});

describe("byScope", () => {
  it("holds processes to the smaller of machine and container", async () => {
    const machine = await readMachineMemory(recordedMachine("container-cgroup2"));
    const processes = {
      bytes: new Map([
        [1, 300e6],
        [2, 100e6],
      ]),
      source: "smaps_rollup",
    } as const;
    const scopes = byScope({ machine, processes }, { usedBytes: 1, capacityBytes: 2 });
    expect(scopes.process).toEqual({ usedBytes: 400e6, capacityBytes: 4 * GIB });
    expect(scopes.container).toMatchObject({ usedBytes: 901_775_360 - 401_604_608 });
    expect(scopes.system?.capacityBytes).toBe(32_860_060 * 1024);
    expect(scopes.device).toEqual({ usedBytes: 1, capacityBytes: 2 });
  });

  it("has no process beyond the container that holds it", async () => {
    const machine = await readMachineMemory(recordedMachine("container-cgroup2"));
    const processes = { bytes: new Map([[1, 700e6]]), source: "smaps_rollup" } as const;
    const { process, container } = byScope({ machine, processes });
    expect(process?.usedBytes).toBe(container?.usedBytes);
  });

  it("leaves out what is not known", async () => {
    const machine = await readMachineMemory(machineOf(">>> machine linux x64 parallelism=1\n"));
    expect(byScope({ machine, processes: { bytes: new Map(), source: "rss" } })).toEqual({});
  });
});

const memory = (usedBytes: number, capacityBytes: number) => ({ usedBytes, capacityBytes });

describe("the device that memory is told of", () => {
  it("is the one that is nearest to its capacity, and never a sum", () => {
    expect(fullest([memory(3, 10), undefined, memory(2, 4)])).toEqual(memory(2, 4));
    expect(fullest([memory(3, 10), memory(4, 10)])).toEqual(memory(4, 10));
  });

  it("is none where no process uses one", () => {
    expect(fullest([undefined, undefined])).toBeUndefined();
    expect(fullest([])).toBeUndefined();
  });
});
