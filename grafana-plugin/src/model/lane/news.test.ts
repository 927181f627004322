import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { LANE_STATES, type LaneState } from "./lane.ts";
import { type News, newsOf } from "./news.ts";

const SECOND = 1_000;
const lane = (id: string, state: LaneState) => ({ id, name: `Lane ${id}`, state });

/** What is told of one lane that has these states, a refresh every `step` seconds. */
function told(states: readonly LaneState[], step = 2): string[] {
  let news: News | undefined;
  return states.flatMap((state, i) => {
    news = newsOf([lane("a", state)], i * step * SECOND, news);
    return news.fresh.map(() => `${i}`);
  });
}

describe("what is told of lanes", () => {
  it("is that one has become critical, once", () => {
    expect(told(["ok", "critical", "critical", "critical"])).toEqual(["1"]);
    expect(told(["ok", "warning", "near", "recovering", "no-limit", "stale", "no-data"])).toEqual(
      [],
    );
  });

  it("is nothing new while it flutters about its limit, however it calls that", () => {
    const flutter: LaneState[] = ["critical", "near", "critical", "recovering", "critical", "ok"];
    expect(told(["ok", ...flutter, ...flutter, "stale", ...flutter, "critical"])).toEqual(["1"]);
  });

  it("is new after a minute in which it was well", () => {
    const well = Array<LaneState>(30).fill("ok");
    expect(told(["ok", "critical", ...well, "critical"])).toEqual(["1"]);
    expect(told(["ok", "critical", ...well, "ok", "critical"])).toEqual(["1", "33"]);
    // A minute that was broken is none.
    const broken: LaneState[] = [...well.slice(15), "warning", ...well.slice(15)];
    expect(told(["ok", "critical", ...broken, "critical"])).toEqual(["1"]);
  });

  it("is several at once together, in the order of the lanes", () => {
    const first = newsOf([lane("a", "ok"), lane("b", "near"), lane("c", "ok")], 0);
    const states = [lane("b", "critical"), lane("a", "critical"), lane("c", "ok")];
    expect(newsOf(states, SECOND, first).fresh).toEqual(["Lane b", "Lane a"]);
  });

  it("is nothing of what was so before somebody came, or of an older time", () => {
    expect(told(["critical", "critical"])).toEqual([]);
    const now = newsOf([lane("a", "ok")], 1_000 * SECOND);
    const past = newsOf([lane("a", "critical")], 10 * SECOND, now);
    expect(past.fresh).toEqual([]);
    expect(newsOf([lane("a", "critical")], 12 * SECOND, past).fresh).toEqual([]);
  });

  it("keeps in mind a lane that is away for a while", () => {
    const first = newsOf([lane("a", "ok")], 0);
    const second = newsOf([lane("a", "critical")], SECOND, first);
    const away = newsOf([], 2 * SECOND, second);
    expect(newsOf([lane("a", "critical")], 3 * SECOND, away).fresh).toEqual([]);
  });

  it("is, whatever happens, never told twice within a minute", () => {
    const states = fc.array(fc.constantFrom(...LANE_STATES), { maxLength: 200 });
    fc.assert(
      fc.property(states, (some) => {
        const moments = told(some, 1).map(Number);
        for (const [i, at] of moments.entries()) {
          if (i > 0) expect(at - moments[i - 1]!).toBeGreaterThan(60);
        }
      }),
    );
  });
});
