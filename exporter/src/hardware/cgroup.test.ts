import { describe, expect, it } from "@jest/globals";
import { cgroupLevels, cpuAllowance, memoryAllowance } from "./cgroup.ts";
import { machineOf } from "./testing/recorded-machine.ts";

/** The largest value of the first generation, which it writes where nothing is limited. */
const NO_LIMIT = "9223372036854771712";

function files(contents: Readonly<Record<string, string>>) {
  const sections = Object.entries(contents).map(([path, text]) => `>>> file ${path}\n${text}\n`);
  return machineOf(`>>> machine linux x64 parallelism=8\n${sections.join("")}`);
}

describe("cgroupLevels", () => {
  it("goes from the process' own group up to the root", () => {
    expect(cgroupLevels("0::/a.slice/b.service", "memory")).toEqual({
      version: "cgroup2",
      folders: ["/sys/fs/cgroup/a.slice/b.service", "/sys/fs/cgroup/a.slice", "/sys/fs/cgroup"],
    });
  });

  it("takes the controller's own hierarchy where both generations are mounted", () => {
    const both = "5:cpu,cpuacct:/docker/1\n4:memory:/\n1:name=systemd:/\n0::/init";
    expect(cgroupLevels(both, "cpu")).toEqual({
      version: "cgroup1",
      folders: [
        "/sys/fs/cgroup/cpu,cpuacct/docker/1",
        "/sys/fs/cgroup/cpu,cpuacct/docker",
        "/sys/fs/cgroup/cpu,cpuacct",
      ],
    });
    expect(cgroupLevels(both, "memory")?.folders).toEqual(["/sys/fs/cgroup/memory"]);
  });

  it("stays below the root where the path leads out of the namespace", () => {
    expect(cgroupLevels("0::/../../other", "cpu")?.folders).toEqual([
      "/sys/fs/cgroup/other",
      "/sys/fs/cgroup",
    ]);
  });

  it("finds nothing without control groups", () => {
    expect(cgroupLevels("", "memory")).toBeUndefined();
  });
});

describe("memoryAllowance", () => {
  const levels = cgroupLevels("0::/a/b", "memory")!;

  it("lets the smallest limit win, and the level that is reached first", async () => {
    const sources = files({
      "/sys/fs/cgroup/a/b/memory.max": "max",
      "/sys/fs/cgroup/a/memory.max": "1000",
      "/sys/fs/cgroup/a/memory.current": "100",
      "/sys/fs/cgroup/memory.max": "1200",
      "/sys/fs/cgroup/memory.current": "1100",
      "/sys/fs/cgroup/memory.stat": "anon 1000\ninactive_file 60",
    });
    expect(await memoryAllowance(levels, sources)).toEqual({
      limitBytes: 1000,
      usedBytes: 100,
      leftBytes: 160,
    });
  });

  it("has no limit where the first generation writes its largest number", async () => {
    const first = cgroupLevels("4:memory:/", "memory")!;
    const sources = files({ "/sys/fs/cgroup/memory/memory.limit_in_bytes": NO_LIMIT });
    expect(await memoryAllowance(first, sources)).toEqual({
      limitBytes: Infinity,
      usedBytes: 0,
      leftBytes: Infinity,
    });
  });

  it("never leaves less than nothing", async () => {
    const sources = files({
      "/sys/fs/cgroup/memory.max": "500",
      "/sys/fs/cgroup/memory.current": "700",
    });
    expect(await memoryAllowance(levels, sources)).toEqual({
      limitBytes: 500,
      usedBytes: 700,
      leftBytes: 0,
    });
  });

  it("rejects when a file that is there cannot be read", async () => {
    const sources = files({ "/sys/fs/cgroup/memory.max": "500" });
    const closed = {
      ...sources,
      readFile: () => Promise.reject(new Error("EACCES")),
    };
    await expect(memoryAllowance(levels, closed)).rejects.toThrow("EACCES");
  });
});

describe("cpuAllowance", () => {
  it("is the smallest quota divided by its period", async () => {
    const sources = files({
      "/sys/fs/cgroup/a/b/cpu.max": "max 100000",
      "/sys/fs/cgroup/a/cpu.max": "25000 50000",
      "/sys/fs/cgroup/cpu.max": "400000 100000",
    });
    expect(await cpuAllowance(cgroupLevels("0::/a/b", "cpu")!, sources)).toBe(0.5);
  });

  it.each([
    ["0::/", { "/sys/fs/cgroup/cpu.max": "max 100000" }],
    ["0::/", {}],
    [
      "3:cpu:/",
      {
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000",
      },
    ],
  ])("has no limit for %s with %j", async (membership, contents) => {
    expect(await cpuAllowance(cgroupLevels(membership, "cpu")!, files(contents))).toBe(Infinity);
  });
});
