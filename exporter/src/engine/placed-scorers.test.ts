import { afterEach, describe, expect, it } from "@jest/globals";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { loadConfig } from "../config.ts";
import { startPlacedScorers, type DeviceForTests, type PlacedScorers } from "./placed-scorers.ts";
import type { ScoreRequest } from "./scorer.ts";

/** The processor plays the device: a process of its own with everything but the driver. */
const PLAYED: DeviceForTests = { build: "cpu" };

const ONE: readonly ScoreRequest[] = [{ text: "great", ask: "whole" }];
/** Takes minutes, unless it is cancelled. */
const ENDLESS: readonly ScoreRequest[] = [{ text: "good ".repeat(2000), ask: "without" }];
/** Takes a second or so. */
const LONG: readonly ScoreRequest[] = [{ text: "good ".repeat(300), ask: "without" }];

const open: PlacedScorers[] = [];
afterEach(() => Promise.all(open.splice(0).map((placed) => placed.close())));

interface Started extends PlacedScorers {
  readonly lines: readonly { readonly level: number; readonly msg: string }[];
}

async function start(forTests: DeviceForTests = PLAYED, gpu = "vulkan"): Promise<Started> {
  const lines: Started["lines"][number][] = [];
  const logger = pino({ level: "info" }, { write: (line) => void lines.push(JSON.parse(line)) });
  const config = loadConfig({ HEADROOM_GPU: gpu, HEADROOM_WORKERS: "1" });
  const placed = await startPlacedScorers(config, logger, forTests);
  open.push(placed);
  placed.tryDevice();
  return Object.assign(placed, { lines });
}

/** When the trial is over. */
async function decided(placed: Started): Promise<Started> {
  await until(() => placed.lines.length > 0);
  return placed;
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The device's process; the one scorer on the processor has the first. */
function deviceOf({ pids }: PlacedScorers): number | undefined {
  return pids[1];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("a device that was asked for", () => {
  it("answers as the processor does, which answers until it is proven", async () => {
    const placed = await start();
    expect(placed.placement).toMatchObject({ on: "processor", why: /is being tried/ });
    const [scorer] = placed.scorers;
    const [before] = await scorer!.score(LONG);
    await decided(placed);
    expect(placed.placement).toMatchObject({ on: "device", layers: 2 });
    expect(placed.placement!.why).toMatch(/^2 of 2 layers are on the device/);
    expect(placed.lines).toEqual([expect.objectContaining({ msg: placed.placement!.why })]);
    const [after] = await scorer!.score(LONG);
    expect(after!.whole).toBeCloseTo(before!.whole, 4);
    expect(after!.each).toHaveLength(300);
    const pid = deviceOf(placed);
    await placed.close();
    expect(isAlive(pid!)).toBe(false);
  });

  it("leaves its batch, and all after it, to the processor when its process dies", async () => {
    const placed = await decided(await start());
    const [scorer] = placed.scorers;
    const pid = deviceOf(placed);
    const [expected] = await scorer!.score(ONE);
    const inFlight = [LONG, ONE].map((batch) => scorer!.score(batch));
    // As llama.cpp does when a device is lost.
    process.kill(pid!, "SIGABRT");
    const [long, one] = await Promise.all(inFlight);
    expect(long![0]!.each).toHaveLength(300);
    const [later] = await scorer!.score(ONE);
    for (const { whole } of [one![0]!, later!]) expect(whole).toBeCloseTo(expected!.whole, 4);
    expect(placed.placement).toEqual({
      on: "processor",
      layers: 0,
      why: "The device was lost: its process was ended by SIGABRT.",
    });
    expect(deviceOf(placed)).toBeUndefined();
    expect(placed.lines.filter(({ level }) => level > 30)).toHaveLength(1);
  });

  it("is left when a batch hangs there", async () => {
    const limitSeconds = { trial: 60, silence: 2 };
    const placed = await decided(await start({ ...PLAYED, limitSeconds }));
    const pid = deviceOf(placed);
    process.kill(pid!, "SIGSTOP");
    const [scores] = await placed.scorers[0]!.score(ONE);
    expect(scores!.known).toBe(1);
    expect(placed.placement!.why).toBe("The device was lost: its process said nothing for 2 s.");
    expect(isAlive(pid!)).toBe(false);
  });

  it("is kept when a batch takes longer, as long as it goes on, or when its caller leaves", async () => {
    const limitSeconds = { trial: 60, silence: 2 };
    const placed = await decided(await start({ ...PLAYED, limitSeconds }));
    const gone = new AbortController();
    const cancelled = placed.scorers[0]!.score(ENDLESS, { signal: gone.signal });
    setTimeout(() => gone.abort(new Error("client left")), 4_000);
    await expect(cancelled).rejects.toThrow("client left");
    await placed.scorers[0]!.score(ONE);
    expect(placed.placement!.on).toBe("device");
  });
});

describe("the processor goes on alone", () => {
  it("when a probe is no quicker on a device that nobody named", async () => {
    const placed = await decided(await start(PLAYED, "auto"));
    // Both are the same processor, so that a gain would be luck.
    if (placed.placement!.on === "device") return;
    expect(placed.placement!.why).toMatch(/^A probe takes .* ms on the device and .* ms on/);
    await until(() => deviceOf(placed) === undefined);
  });

  it("when the device's memory holds no layer", async () => {
    const placed = await decided(await start({ ...PLAYED, mostBytes: 250e6 }));
    expect(placed.placement!.why).toBe("No layer fits into the 250 MB that the device has free.");
  });

  it("when the device is not ready in time", async () => {
    // No process starts so quickly.
    const limitSeconds = { trial: 0.001, silence: 60 };
    const placed = await decided(await start({ ...PLAYED, limitSeconds }));
    expect(placed.placement!.why).toMatch(/it was not ready within 0\.001 s\.$/);
    expect(deviceOf(placed)).toBeUndefined();
  });

  it("when the device gives other scores", async () => {
    const folder = await mkdtemp(join(tmpdir(), "headroom-"));
    const file = join(folder, "changed.gguf");
    await writeFile(file, withOtherWeights(await readFile(loadConfig({}).model)));
    const placed = await decided(await start({ ...PLAYED, proof: { file } }));
    expect(placed.placement!.why).toMatch(
      /^The device could not be used: its scores differ from node-llama-cpp's by .*0.01 is allowed\.$/,
    );
    await rm(folder, { recursive: true });
  });

  it("when the library is missing", async () => {
    const placed = await decided(await start({ build: "vulkan", folder: tmpdir() }));
    expect(placed.placement).toMatchObject({ on: "processor", layers: 0 });
    expect(placed.placement!.why).toMatch(/^No graphics processor is used, because there is no/);
  });

  it("when graphics processors are turned off, without a trial", async () => {
    const config = loadConfig({ HEADROOM_GPU: "off", HEADROOM_WORKERS: "1" });
    const placed = await startPlacedScorers(config, pino({ level: "silent" }));
    open.push(placed);
    expect(deviceOf(placed)).toBeUndefined();
    expect(placed.placement!.why).toBe(
      "No graphics processor is used, because HEADROOM_GPU is off.",
    );
  });
});

describe("the processes of the processor and the device", () => {
  it("end when the exporter is killed", async () => {
    const file = join(import.meta.dirname, "testing", "start-and-tell.ts");
    const parent = fork(file);
    const [pids] = (await once(parent, "message")) as [number[]];
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill("SIGKILL");
    await until(() => !pids.some(isAlive));
  });
});

/** The same words and shapes, with the numbers at the file's end halved. */
function withOtherWeights(gguf: Buffer): Buffer {
  const changed = Buffer.from(gguf);
  for (let at = gguf.length - 40_000; at < gguf.length; at += 4) {
    changed.writeFloatLE(gguf.readFloatLE(at) / 2, at);
  }
  return changed;
}
