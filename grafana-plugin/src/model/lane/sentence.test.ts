import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Limit } from "../limit.ts";
import { limit, samples } from "../testing/arbitraries.ts";
import { buildLane } from "./build-lane.ts";
import { laneSentence, STATE_WORDS } from "./sentence.ts";

const warning: Limit = { severity: "warning", bound: "upper", upper: 0.5 };
const critical: Limit = { severity: "critical", bound: "upper", upper: 1 };
const band: Limit = { severity: "warning", bound: "band", lower: 2, upper: 6 };
const format = { value: (v: number) => `${Number(v.toFixed(3))} s` };

const say = (...series: Parameters<typeof laneOf>): string =>
  laneSentence(laneOf(...series), format);

/** A series every ten seconds, seen up to its last value. */
function laneOf(values: readonly (number | null)[], limits: readonly Limit[], late = 0) {
  const times = values.map((_, i) => i * 10_000);
  const options = {
    from: 0,
    to: (values.length - 1) * 10_000 + late,
    nearRatio: 0.15,
    showForecast: true,
  };
  const input = { id: "a", name: "Latency, P95", times, values, limits };
  return buildLane(input, options);
}

const calm = (...last: number[]) => [...Array<number>(30).fill(0.2), ...last];
const both = [warning, critical];

describe("laneSentence", () => {
  it("says value, nearest limit and headroom", () => {
    expect(say(calm(), both)).toBe(
      "Latency, P95: 0.2 s, inside its warning limit of 0.5 s, 60 % headroom left.",
    );
    expect(say(calm(0.48), both)).toBe(
      "Latency, P95: 0.48 s, near its warning limit of 0.5 s, 4 % headroom left.",
    );
    expect(say(calm(0.4999), both)).toContain("less than 1 % headroom left");
  });

  it("names the worst broken limit, and how far beyond it the value is", () => {
    expect(say(calm(0.6), both)).toContain("0.6 s, beyond its warning limit of 0.5 s by 0.1 s.");
    expect(say(calm(1.2), both)).toContain("1.2 s, beyond its critical limit of 1 s by 0.2 s.");
    expect(say(calm(0.5), both)).toContain(
      "0.5 s, at its warning limit of 0.5 s, no headroom left.",
    );
    const zero: Limit = { severity: "critical", bound: "upper", upper: 0 };
    expect(say(calm(0.3), [zero])).toContain("0.3 s, beyond its critical limit of 0 s by 0.3 s.");
  });

  it("names the side of a band", () => {
    expect(say([2.5, 2.5], [band])).toContain(
      "inside its lower warning limit of 2 s, 25 % headroom",
    );
    expect(say([6.5, 6.5], [band])).toContain("beyond its upper warning limit of 6 s by 0.5 s.");
  });

  it("says how long it was outside, and the longest of several times", () => {
    expect(say(calm(0.6, 0.6, 0.2, 0.2), both)).toContain(" Outside for 20 s in this range.");
    const twice = calm(0.6, 0.6, 0.2, ...Array<number>(9).fill(0.6), 0.2);
    expect(say(twice, both)).toMatch(
      / Outside for 1 min 50 s in this range, longest 1 min 30 s\.$/,
    );
    expect(say(twice, both)).toContain(
      "inside its warning limit of 0.5 s again, 60 % headroom left",
    );
  });

  it("says when the trend reaches the limit, by name when it is another one", () => {
    const rise = (from: number) => Array.from({ length: 31 }, (_, i) => from + 0.01 * i);
    expect(say(rise(0.1), both)).toBe(
      "Latency, P95: 0.4 s, inside its warning limit of 0.5 s, 20 % headroom left. " +
        "Reaches the limit in about 1 min 40 s.",
    );
    expect(say(rise(0.5), both)).toMatch(
      / Reaches its critical limit of 1 s in about 3 min 20 s\.$/,
    );
    const up = Array.from({ length: 31 }, (_, i) => 2.1 + 0.05 * i);
    expect(say(up, [band])).toMatch(/ Reaches its upper warning limit of 6 s in about 8 min\.$/);
  });

  it("says what is not known", () => {
    expect(say([], both)).toBe("Latency, P95: no data.");
    expect(say([0.2], [])).toBe("Latency, P95: 0.2 s, no limit is known.");
  });

  it("says since when there has been no value, and the last one as what it was", () => {
    expect(say(calm(), both, 60_000)).toBe(
      "Latency, P95: no recent value, the last value was 0.2 s.",
    );
    const lane = laneOf([0.2, 0.2, 0.3], both, 60_000);
    const ended = (time: number) => `no traffic since second ${time / 1_000}`;
    expect(laneSentence(lane, { ...format, ended })).toBe(
      "Latency, P95: no traffic since second 20, the last value was 0.3 s.",
    );
  });

  it("does not say by how much, when the value is only known to be more", () => {
    const value = (v: number) => (v >= 5 ? "more than 5 s" : format.value(v));
    const lane = laneOf(calm(5), both);
    expect(laneSentence(lane, { value, isMapped: (v) => v >= 5 })).toBe(
      "Latency, P95: more than 5 s, beyond its critical limit of 1 s.",
    );
  });

  it("uses the given words for durations", () => {
    const times = [0, 10_000];
    const input = { id: "a", name: "A", times, values: [1, 0.1], limits: both };
    const lane = buildLane(input, { from: 0, to: 10_000, nearRatio: 0.2, showForecast: true });
    const words = laneSentence(lane, { ...format, duration: (ms) => `${ms} milliseconds` });
    expect(words).toContain("Outside for 10000 milliseconds in this range.");
  });

  it("never speaks of NaN, Infinity or undefined", () => {
    fc.assert(
      fc.property(samples, fc.array(limit, { maxLength: 3 }), fc.nat(99_999), (input, ls, late) => {
        const to = (input.times.at(-1) ?? 0) + late;
        const options = { from: 0, to, nearRatio: 0.2, showForecast: true };
        const lane = buildLane({ id: "a", name: "A", ...input, limits: ls }, options);
        const words = laneSentence(lane, format);
        expect(words).not.toMatch(/NaN|Infinity|undefined|null/);
        expect(words).toMatch(/^A: [^.].*\.$/);
      }),
    );
  });
});

describe("STATE_WORDS", () => {
  it("has another word for each state", () => {
    const words = Object.values(STATE_WORDS);
    expect(new Set(words).size).toBe(words.length);
    for (const word of words) expect(word).toMatch(/^[a-z][a-z ]*$/);
  });
});
