import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { buildLane } from "./build-lane.ts";
import { type Lane, LANE_STATES, type LaneState } from "./lane.ts";
import { keptOrder, orderLanes } from "./order.ts";

const options = { from: 0, to: 1, nearRatio: 0.2, showForecast: false };
const empty = buildLane({ id: "", name: "", times: [], values: [], limits: [] }, options);
const lane = (id: string, state: LaneState, headroom = NaN): Lane => ({
  ...empty,
  id,
  state,
  headroom,
});
const ids = (lanes: readonly Lane[]) => lanes.map((l) => l.id).join(" ");

const anyLane = fc
  .tuple(fc.constantFrom(...LANE_STATES), fc.constantFrom(-1, 0, 0.1, 0.5, 1, NaN))
  .map(([state, headroom]) => lane("", state, headroom));
const anyLanes = fc.array(anyLane).map((lanes) => lanes.map((l, i) => ({ ...l, id: String(i) })));

describe("orderLanes", () => {
  it("shows the worst first, then the least headroom, and what is not known last", () => {
    const lanes = [
      lane("empty", "no-data"),
      lane("free", "no-limit"),
      lane("fine", "ok", 0.9),
      lane("back", "recovering", 0.3),
      lane("close", "near", 0.1),
      lane("silent", "stale", 0.8),
      lane("high", "warning", -0.9),
      lane("higher", "critical", -0.1),
      lane("highest", "critical", -0.2),
    ];
    expect(ids(orderLanes(lanes, "nearest"))).toBe(
      "highest higher high close back fine free silent empty",
    );
  });

  it("shows what has ended after everything that is known, however near it was to its limit", () => {
    const lanes = [lane("ended", "stale", -9), lane("free", "no-limit"), lane("fine", "ok", 1)];
    expect(ids(orderLanes(lanes, "nearest"))).toBe("fine free ended");
  });

  it("puts a headroom that is not defined after those that are", () => {
    const lanes = [lane("a", "ok"), lane("b", "ok", 1), lane("c", "ok"), lane("d", "ok", 0.5)];
    expect(ids(orderLanes(lanes, "nearest"))).toBe("d b a c");
  });

  it("leaves the data's own order when that is wanted, and the input as it is", () => {
    const lanes = [lane("a", "ok", 1), lane("b", "critical", -1)];
    expect(ids(orderLanes(lanes, "data"))).toBe("a b");
    expect(ids(orderLanes(lanes, "nearest"))).toBe("b a");
    expect(ids(lanes)).toBe("a b");
  });

  it("keeps equal lanes in their order and loses none", () => {
    fc.assert(
      fc.property(anyLanes, (lanes) => {
        const ordered = orderLanes(lanes, "nearest");
        expect(ordered.map((l) => Number(l.id)).sort((a, b) => a - b)).toEqual([...lanes.keys()]);
        for (const [i, next] of ordered.entries()) {
          const before = ordered[i - 1];
          if (before?.state !== next.state || !Object.is(before.headroom, next.headroom)) continue;
          expect(Number(before.id)).toBeLessThan(Number(next.id));
        }
        expect(orderLanes(ordered, "nearest")).toEqual(ordered);
      }),
    );
  });
});

describe("keptOrder", () => {
  const shown = (a: number, b: number, state: LaneState = "ok") => [
    lane("a", "ok", a),
    lane("b", state, b),
  ];

  it("stays while values move and no state changes", () => {
    const first = keptOrder(shown(0.5, 0.6), "nearest");
    expect(first.ids).toEqual(["a", "b"]);
    expect(keptOrder(shown(0.7, 0.3), "nearest", first)).toBe(first);
  });

  it("is made anew when a state changes, a lane comes or goes, or another order is wanted", () => {
    const first = keptOrder(shown(0.5, 0.6), "nearest");
    expect(keptOrder(shown(0.7, 0.1, "near"), "nearest", first).ids).toEqual(["b", "a"]);
    expect(keptOrder(shown(0.7, 0.3).slice(1), "nearest", first).ids).toEqual(["b"]);
    const data = keptOrder(shown(0.7, 0.3), "data", first);
    expect(data.ids).toEqual(["a", "b"]);
    expect(keptOrder(shown(0.7, 0.3), "nearest", data).ids).toEqual(["b", "a"]);
  });
});
