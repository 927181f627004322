import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveBaseline, type Baseline } from "@headroom/loadtest/report/baseline";
import { gainInWords, savedBaseline } from "./baseline-gain.ts";

const machine = { cpu: "A", cores: 2, memoryBytes: 16e9, os: "Linux x64", node: "v20.20.2" };
const saved: Baseline = {
  profile: "baseline",
  model: "a-model",
  simulated: false,
  machine,
  measuredAt: "2026-11-23T20:17:32.648Z",
  messagesPerSecond: 440,
  p95Seconds: 0.004,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "headroom-baselines-"));
  await saveBaseline(folder, saved);
  await saveBaseline(folder, { ...saved, model: "another" });
});
afterAll(() => rm(folder, { recursive: true }));

describe("the saved unbatched run", () => {
  it("is this machine's", async () => {
    expect(await savedBaseline("a-model", machine, folder)).toEqual(saved);
  });

  it("is another machine's where this one has none", async () => {
    const other = { ...machine, cores: 10 };
    expect(await savedBaseline("a-model", other, folder)).toEqual(saved);
  });

  it("is never another model's", async () => {
    expect(await savedBaseline("no-model", machine, folder)).toBeUndefined();
  });
});

describe("the gain over it", () => {
  it("tells its day and its machine", () => {
    const told = gainInWords(8_800, saved, machine);
    for (const part of ["440 messages/s", "2026-11-23", "A, 2 cores, 16 GB", "20.00x"]) {
      expect(told).toContain(part);
    }
    expect(told).toContain("the same kind of machine");
  });

  it("says what differs on another machine", () => {
    const told = gainInWords(8_800, saved, { ...machine, cpu: "B", cores: 10 });
    expect(told).toContain("the processor (B here), the number of cores (10 here)");
    expect(told).toContain("not of one machine");
  });
});
