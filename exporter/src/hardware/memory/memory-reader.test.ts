import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import type { HardwareSources } from "../sources.ts";
import { machineOf } from "../testing/recorded-machine.ts";
import { byScope, MemoryReader } from "./memory-reader.ts";

const machine = (availableKib: number) =>
  machineOf(
    `>>> machine linux x64 parallelism=2
>>> file /proc/meminfo
MemTotal:       16000000 kB
MemAvailable:   ${availableKib} kB
SwapTotal:      0 kB
SwapFree:       0 kB
>>> file /proc/1/smaps_rollup
Pss:              300000 kB
`,
  );

let now: HardwareSources;
let readings: number;
let reader: MemoryReader;
let pids: () => readonly number[];
let failures: string[];

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  reader.close();
  jest.useRealTimers();
});

async function open(): Promise<void> {
  readings = 0;
  pids = () => [1];
  failures = [];
  now = machine(10_000_000);
  reader = await MemoryReader.open({
    sources: {
      ...now,
      readFile: (path) => {
        if (path === "/proc/meminfo") readings += 1;
        return now.readFile(path);
      },
    },
    pids: () => pids(),
    onFailure: ({ message }) => failures.push(message),
  });
}

const usedKib = () => byScope(reader.latest!).system!.usedBytes / 1024;

describe("the reader of memory", () => {
  it("has a reading at once, and a new one every second", async () => {
    await open();
    expect(usedKib()).toBe(6_000_000);
    expect(byScope(reader.latest!).process?.usedBytes).toBe(300_000 * 1024);
    now = machine(9_000_000);
    expect(usedKib()).toBe(6_000_000);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(usedKib()).toBe(7_000_000);
  });

  it("tells nothing when it could read nothing for a while, and starts no second reading beside", async () => {
    await open();
    now = { ...now, readFile: () => new Promise(() => {}) };
    await jest.advanceTimersByTimeAsync(4_000);
    expect(reader.latest).toBeDefined();
    await jest.advanceTimersByTimeAsync(4_000);
    expect(reader.latest).toBeUndefined();
    expect(readings).toBe(2);
  });

  it("says once why it cannot read, and again when that comes back", async () => {
    await open();
    const fail = () => {
      throw new Error("no processes");
    };
    pids = fail;
    await jest.advanceTimersByTimeAsync(3_000);
    expect(failures).toEqual(["no processes"]);
    pids = () => [1];
    await jest.advanceTimersByTimeAsync(1_000);
    pids = fail;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(failures).toEqual(["no processes", "no processes"]);
  });

  it("leaves no timer", async () => {
    await open();
    reader.close();
    expect(jest.getTimerCount()).toBe(0);
  });
});
