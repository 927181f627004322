import { describe, expect, it } from "@jest/globals";
import type { Limit } from "../limit.ts";
import type { StateInput } from "./state.ts";
import { laneState, RECOVERING_SHARE } from "./state.ts";

const warning: Limit = { severity: "warning", bound: "upper", upper: 10 };
const critical: Limit = { severity: "critical", bound: "upper", upper: 20 };
const options = { from: 0, to: 1_000, nearRatio: 0.2 };
const never = { breaches: [], total: 0, longest: 0, share: 0 };
const until = (end: number): StateInput["outside"] => ({
  ...never,
  breaches: [{ start: 0, end, severity: "warning" }],
});
const at = (value: number, headroom: number, more: Partial<StateInput> = {}) =>
  laneState(
    {
      current: { time: 990, value },
      stale: false,
      limits: [warning, critical],
      headroom,
      outside: never,
      ...more,
    },
    options,
  );

describe("laneState", () => {
  it("goes from ok over near and warning to critical", () => {
    expect(at(5, 0.5)).toBe("ok");
    expect(at(8, 0.2)).toBe("ok");
    expect(at(8.1, 0.19)).toBe("near");
    expect(at(10, 0)).toBe("warning");
    expect(at(20, -1)).toBe("critical");
  });

  it("does not need a headroom to see that a limit is broken", () => {
    const zero: Limit = { severity: "critical", bound: "upper", upper: 0 };
    expect(at(3, NaN, { limits: [zero] })).toBe("critical");
    expect(at(-3, NaN, { limits: [zero] })).toBe("ok");
  });

  it("says that nobody knows when the last value is old, whatever it was", () => {
    expect(at(20, -1, { stale: true })).toBe("stale");
    expect(at(1, NaN, { stale: true, limits: [] })).toBe("stale");
  });

  it("tells apart that there is no limit and that there is no value", () => {
    expect(at(5, NaN, { limits: [] })).toBe("no-limit");
    expect(at(5, NaN, { current: undefined })).toBe("no-data");
  });

  it("is recovering for a while after a breach, unless it is worse", () => {
    const recent = 1_000 - 1_000 * RECOVERING_SHARE;
    expect(at(5, 0.5, { outside: until(recent) })).toBe("recovering");
    expect(at(5, 0.5, { outside: until(recent - 1) })).toBe("ok");
    expect(at(9, 0.1, { outside: until(recent) })).toBe("near");
    expect(at(12, -0.2, { outside: until(990) })).toBe("warning");
  });
});
