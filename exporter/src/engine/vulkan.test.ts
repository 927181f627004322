import { afterEach, describe, expect, it } from "@jest/globals";
import { pino } from "pino";
import { loadConfig } from "../config.ts";
import { startExporter, type Exporter } from "../exporter.ts";
import type { HardwareReport } from "../hardware/report.ts";
import { vulkanDriver } from "./llama/testing/vulkan.ts";
import { startPlacedScorers, type DeviceForTests, type PlacedScorers } from "./placed-scorers.ts";
import type { ScoreRequest } from "./scorer.ts";

const driver = await vulkanDriver();
const there = "folder" in driver;
const title = there ? "on a real Vulkan device" : `on a Vulkan device, left out: ${driver.why}`;
const REAL: DeviceForTests = { build: "vulkan", folder: there ? driver.folder : undefined };

/** A driver in software compiles its programs at the first run, which takes minutes. */
const LIMIT_MS = 600_000;

const config = loadConfig({
  HEADROOM_GPU: "vulkan",
  HEADROOM_WORKERS: "1",
  HEADROOM_PORT: "0",
  HEADROOM_CHAT_MODEL: "none",
});
const silent = pino({ level: "silent" });

const BATCH: readonly ScoreRequest[] = [
  { text: "really great film", ask: "prefixes" },
  { text: "but boring film", ask: "without" },
];

const open: PlacedScorers[] = [];
const running: Exporter[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((placed) => placed.close()));
  await Promise.all(running.splice(0).map((exporter) => exporter.stop()));
});

async function placed(forTests: DeviceForTests): Promise<PlacedScorers> {
  const scorers = await startPlacedScorers(config, silent, forTests);
  open.push(scorers);
  scorers.tryDevice();
  await until(async () => !/is being tried/.test(scorers.placement!.why));
  return scorers;
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 50));
}

(there ? describe : describe.skip)(title, () => {
  it(
    "the exporter answers from it, and tells where its layers and its memory are",
    async () => {
      const exporter = await startExporter(config, silent, REAL);
      running.push(exporter);
      const get = async (path: string) => (await fetch(`${exporter.url}${path}`)).text();
      const hardware = async () => JSON.parse(await get("/v1/hardware")) as HardwareReport;
      await until(async () => {
        const { sentiment } = await hardware();
        return !/is being tried/.test(sentiment!.placement!.why);
      });
      const { sentiment, memory } = await hardware();
      expect(sentiment!.placement).toMatchObject({ on: "device", layers: 2 });
      expect(memory!.scopes.device!.usedBytes).toBeGreaterThan(1e6);
      const told = (await get("/metrics"))
        .split("\n")
        .filter((line) => /scope="device"/.test(line));
      expect(told).toContainEqual(expect.stringMatching(/^headroom_memory_used_bytes\{.*\d{7}/));
      expect(told).toContainEqual(expect.stringMatching(/^headroom_limit\{.*\d{7}/));
      const response = await fetch(`${exporter.url}/v1/sentiment`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ messages: ["a great film"], attribution: "prefix" }),
      });
      const { results } = (await response.json()) as { results: { label: string }[] };
      expect(results[0]!.label).toBe("positive");
    },
    LIMIT_MS,
  );

  it(
    "as many layers go there as its memory holds, with the processor's scores",
    async () => {
      const alone = await startPlacedScorers(loadConfig({ HEADROOM_GPU: "off" }), silent);
      open.push(alone);
      const expected = await alone.scorers[0]!.score(BATCH);
      const { placement, scorers } = await placed({ ...REAL, mostBytes: 278.4e6 });
      expect(placement).toMatchObject({ on: "device", layers: 1 });
      const found = await scorers[0]!.score(BATCH);
      found.forEach(({ each }, i) =>
        each.forEach((score, k) => expect(score).toBeCloseTo(expected[i]!.each[k]!, 2)),
      );
    },
    LIMIT_MS,
  );

  it(
    "the processor answers when the device is lost in the middle of a batch",
    async () => {
      const scorers = await placed(REAL);
      expect(scorers.placement!.on).toBe("device");
      const inFlight = scorers.scorers[0]!.score(BATCH);
      process.kill(scorers.pids[1]!, "SIGABRT");
      expect((await inFlight).map(({ known }) => known)).toEqual([3, 3]);
      expect(scorers.placement!.why).toMatch(/^The device was lost: its process was ended by/);
      expect(scorers.deviceMemory).toBeUndefined();
    },
    LIMIT_MS,
  );

  it("the processor answers when the driver has less memory than it says", async () => {
    process.env["GGML_VK_FORCE_MAX_BUFFER_SIZE"] = "100000";
    try {
      const { placement, scorers, pids } = await placed(REAL);
      expect(placement!.why).toMatch(/^The device could not be used: /);
      expect(pids).toHaveLength(1);
      expect(await scorers[0]!.score(BATCH)).toHaveLength(2);
    } finally {
      delete process.env["GGML_VK_FORCE_MAX_BUFFER_SIZE"];
    }
  });

  (there && driver.software ? it : it.skip)(
    "auto leaves alone a driver that computes on the processor",
    async () => {
      const auto = loadConfig({ HEADROOM_GPU: "auto", HEADROOM_WORKERS: "1" });
      const scorers = await startPlacedScorers(auto, silent, REAL);
      open.push(scorers);
      scorers.tryDevice();
      await until(async () => !/is being tried/.test(scorers.placement!.why));
      expect(scorers.placement).toMatchObject({ on: "processor", layers: 0 });
    },
  );
});

if (!there && process.env["HEADROOM_VULKAN_BUILD"]) {
  it("finds the device that was prepared", () => {
    throw new Error(driver.why);
  });
}
