import { describe, expect, it } from "@jest/globals";
import { hitsRow } from "./cache.ts";

describe("hits in the cache", () => {
  it("are told, with advice when nothing repeats", () => {
    const tier = { cache: "sentiment", tier: "memory" };
    expect(hitsRow(tier, 400, 1000)).toMatchObject({ observed: "40.0 % of 1,000", detail: "" });
    expect(hitsRow(tier, 0, 1000).detail).toContain("HEADROOM_CACHE_ENTRIES");
  });
});
