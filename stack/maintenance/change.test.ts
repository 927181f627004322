import { describe, expect, it } from "@jest/globals";
import { limit, MAINTENANCE_LIMITS } from "@headroom/alerts/limits";
import { isHarmful } from "./change.ts";

const share = 0.25;
const latency = limit("latency_p95", "warning");
const enough = MAINTENANCE_LIMITS.leastOfLimit * (latency.bound === "upper" ? latency.upper : 0);

describe("a change", () => {
  it("is harmful only into the harmful direction", () => {
    const up = { before: 0.1, now: 0.2, share };
    const down = { before: 0.2, now: 0.1, share };
    expect([isHarmful({ harmful: "up" }, up), isHarmful({ harmful: "up" }, down)]).toEqual([
      true,
      false,
    ]);
    expect([isHarmful({ harmful: "down" }, up), isHarmful({ harmful: "down" }, down)]).toEqual([
      false,
      true,
    ]);
    expect([isHarmful({ harmful: "either" }, up), isHarmful({ harmful: "either" }, down)]).toEqual([
      true,
      true,
    ]);
  });

  it("is harmless up to its share of what was", () => {
    expect(isHarmful({ harmful: "up" }, { before: 100, now: 125, share })).toBe(false);
    expect(isHarmful({ harmful: "up" }, { before: 100, now: 126, share })).toBe(true);
  });

  it("is harmless while it is a small part of the limit, however much it grew", () => {
    const measure = { harmful: "up", limit: latency } as const;
    expect(isHarmful(measure, { before: 0, now: 0.9 * enough, share })).toBe(false);
    expect(isHarmful(measure, { before: 0, now: enough, share })).toBe(true);
  });
});
