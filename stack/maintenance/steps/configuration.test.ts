import { describe, expect, it } from "@jest/globals";
import { MAINTENANCE_LIMITS } from "@headroom/alerts/maintenance";
import type { Row } from "../step.ts";
import { hardware } from "../testing/hardware.ts";
import { configurationRows, type Usage } from "./configuration.ts";

const verdictOf = (rows: readonly Row[], id: string) => rows.find((row) => row.id === id)?.verdict;
const detailOf = (rows: readonly Row[], id: string) => rows.find((row) => row.id === id)?.detail;

describe("the configuration", () => {
  const settings = { queueMessages: 2048, cacheEntries: 1000, cacheBytes: 64e6 };
  const usage: Usage = {
    memoryBytes: 20e9,
    capacityBytes: 48e9,
    queued: 100,
    refused: 0,
    cacheEntries: 10,
    cacheBytes: 1e6,
    hitRatio: 0.4,
    batchSize: 30,
  };
  const rowsFor = (change: Partial<Usage> = {}) =>
    configurationRows({ ...usage, ...change }, settings, hardware());

  it("passes without a suggestion where everything fits", () => {
    expect(rowsFor().every(({ verdict, detail }) => verdict === "pass" && detail === "")).toBe(
      true,
    );
  });

  it("says nothing of the plan of a chat model that is not wanted", () => {
    const { plan, ...rest } = hardware();
    expect(plan).toBeDefined();
    const rows = configurationRows(usage, settings, rest);
    expect(rows.map(({ id }) => id)).not.toContain("plan");
  });

  it("names the setting for a queue that is full or refuses", () => {
    for (const change of [{ queued: 2048 }, { refused: 3 }]) {
      expect(verdictOf(rowsFor(change), "queue")).toBe("fail");
      expect(detailOf(rowsFor(change), "queue")).toContain("HEADROOM_QUEUE_MESSAGES");
    }
  });

  it("suggests a cache that fits its use", () => {
    const full = { cacheEntries: MAINTENANCE_LIMITS.nearBound * settings.cacheEntries };
    expect(detailOf(rowsFor(full), "cache-room")).toContain("larger HEADROOM_CACHE_ENTRIES");
    expect(detailOf(rowsFor({ ...full, hitRatio: 0 }), "cache-room")).toContain("smaller");
  });

  it("suggests larger batches, and uses for memory that lies idle", () => {
    expect(detailOf(rowsFor({ batchSize: 1.2 }), "batch-size")).toContain("HEADROOM_BATCH_WAIT_MS");
    expect(detailOf(rowsFor({ memoryBytes: 1e9 }), "memory-use")).toContain("HEADROOM_CHAT_MODEL");
  });

  it("is unknown where Prometheus has nothing", () => {
    const none = rowsFor({ queued: Number.NaN, cacheEntries: Number.NaN, batchSize: Number.NaN });
    for (const id of ["queue", "cache-room", "batch-size"])
      expect(verdictOf(none, id)).toBe("unknown");
  });
});
