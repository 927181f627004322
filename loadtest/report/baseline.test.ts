import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { baselineFile, baselineOf, gainsOver, saveBaseline, type Baseline } from "./baseline.ts";
import {
  exampleMeasurements,
  exampleReport,
  exampleStatusFigures,
} from "../testing/example-run.ts";

const { machine } = exampleReport();
const now: Baseline = {
  profile: "throughput",
  model: "headroom-sentiment-1",
  simulated: false,
  machine,
  measuredAt: "2026-01-02T03:04:05.000Z",
  messagesPerSecond: 500,
  p95Seconds: 0.05,
  processMemoryBytes: 400e6,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "headroom-baselines-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("the gain over a saved run", () => {
  it("is above 1 where the run is better now", async () => {
    await saveBaseline(folder, {
      ...now,
      messagesPerSecond: 250,
      p95Seconds: 0.1,
      processMemoryBytes: 800e6,
    });
    expect(await gainsOver(folder, now)).toEqual([
      { over: "the saved run of 2026-01-02", throughput: 2, latency: 2, memory: 2 },
    ]);
  });

  it("compares throughput with one message a request", async () => {
    await saveBaseline(folder, { ...now, profile: "baseline", messagesPerSecond: 100 });
    expect(await gainsOver(folder, now)).toEqual([
      { over: "baseline of 2026-01-02 (one message a request)", throughput: 5 },
    ]);
  });

  it("compares the messages with those of a run without status requests beside them", async () => {
    await saveBaseline(folder, { ...now, p95Seconds: 0.025 });
    await saveBaseline(folder, { ...now, profile: "baseline", messagesPerSecond: 250 });
    expect(await gainsOver(folder, { ...now, profile: "mixed" })).toEqual([
      { over: "throughput of 2026-01-02 (no status requests)", throughput: 1, latency: 0.5 },
      { over: "baseline of 2026-01-02 (one message a request)", throughput: 2 },
    ]);
  });

  it("is not asked for when no messages were sent", () => {
    const m = exampleMeasurements(exampleStatusFigures(), "status");
    expect(
      baselineOf("status", exampleReport().exporter, machine, now.measuredAt, m),
    ).toBeUndefined();
  });

  it("is empty when nothing was saved for this model and machine", async () => {
    await saveBaseline(folder, { ...now, machine: { ...machine, cores: 8 } });
    await saveBaseline(folder, { ...now, model: "another" });
    await saveBaseline(folder, { ...now, simulated: true });
    expect(await gainsOver(folder, now)).toEqual([]);
  });

  it("says which file cannot be read", async () => {
    const file = baselineFile(folder, "throughput", now, machine);
    await writeFile(file, "{");
    await expect(gainsOver(folder, now)).rejects.toThrow(file);
  });
});
