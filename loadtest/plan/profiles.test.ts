import { readdirSync } from "node:fs";
import { GOALS } from "@headroom/alerts/goals";
import { STATUS_TARGET_SECONDS, statusLimit } from "@headroom/alerts/limits";
import { describe, expect, it } from "@jest/globals";
import { GRACE_SECONDS, k6Scenarios, virtualUsers } from "./k6-options.ts";
import { profile, PROFILE_NAMES, scenariosIn, STATUS_MIX, STATUS_SCENARIOS } from "./profiles.ts";

const scripts = readdirSync(new URL("../profiles", import.meta.url));

describe("the profiles", () => {
  it("each have a script, and each script is a profile", () => {
    expect(scripts.map((file) => file.replace(/\.ts$/, "")).sort()).toEqual(
      [...PROFILE_NAMES].sort(),
    );
  });

  it("offer the reference rate in reference batches in `throughput`", () => {
    const throughput = profile("throughput");
    expect(throughput).toMatchObject({
      sentiment: {
        arrival: { kind: "constant", messagesPerSecond: GOALS.messagesPerSecond },
        batchSize: GOALS.batchSize,
        attribution: "prefix",
      },
      durationSeconds: 60,
    });
    expect(throughput.status).toBeUndefined();
    expect(k6Scenarios(throughput)).toEqual({
      sentiment: expect.objectContaining({ rate: 500, timeUnit: "128s", duration: "60s" }),
    });
  });

  it("send one status request a second in `status`", () => {
    const status = profile("status");
    expect(status.sentiment).toBeUndefined();
    expect(status.status).toMatchObject({ language: "en", strategy: "balanced" });
    expect(k6Scenarios(status)).toEqual({
      status: expect.objectContaining({ rate: 1, timeUnit: "1000ms", duration: "60s" }),
    });
  });

  it("send in `mixed` what `throughput` sends, with half as many status requests as `status`", () => {
    const mixed = profile("mixed");
    expect(mixed.sentiment).toEqual(profile("throughput").sentiment);
    expect(mixed.status).toEqual({ ...profile("status").status, requestsPerSecond: 0.5 });
    expect(k6Scenarios(mixed)).toEqual({
      ...k6Scenarios(profile("throughput")),
      status: expect.objectContaining({ rate: 1, timeUnit: "2000ms", duration: "60s" }),
    });
  });

  it("wait at their end for every status answer that keeps its target", () => {
    for (const seconds of Object.values(STATUS_TARGET_SECONDS)) {
      expect(GRACE_SECONDS).toBeGreaterThan(seconds);
    }
  });

  it.each(PROFILE_NAMES)("are bounded in time and in virtual users: %s", (name) => {
    const scenarios = Object.values(k6Scenarios(profile(name, 7)));
    expect(scenarios.length).toBeGreaterThan(0);
    for (const scenario of scenarios) {
      const users = scenario.executor === "constant-vus" ? scenario.vus : scenario.maxVUs;
      expect(users).toBeGreaterThan(0);
      expect(users).toBeLessThanOrEqual(1000);
      expect(JSON.stringify(scenario)).toContain('"7s"');
    }
  });

  it("name the known ones when asked for another", () => {
    expect(() => profile("soak")).toThrow(/"soak"; there are smoke, throughput/);
    expect(() => profile("toString")).toThrow(RangeError);
  });

  it.each([0, -1, 1.5, Number.NaN, 3601])("refuse a duration of %d s", (seconds) => {
    expect(() => profile("smoke", seconds)).toThrow(/1 to 3600 whole seconds/);
  });

  it("have enough virtual users for requests as slow as they may be", () => {
    expect(virtualUsers(500)).toBe(500);
    expect(virtualUsers(4, 5)).toBe(20);
    expect(virtualUsers(3.9)).toBe(20);
  });
});

describe("the reference mix of status scenarios", () => {
  it("asks for every scenario", () => {
    expect(scenariosIn(STATUS_MIX)).toEqual(STATUS_SCENARIOS);
  });

  it("repeats as many as the aim for the cache wants", () => {
    const repeated = 1 - new Set(STATUS_MIX).size / STATUS_MIX.length;
    expect(repeated).toBeCloseTo(6 / 14, 12);
    expect(repeated).toBeGreaterThanOrEqual(GOALS.statusHitRatio);
  });

  it("never repeats a scenario right after itself, over the end of a round too", () => {
    const next = (i: number) => STATUS_MIX[(i + 1) % STATUS_MIX.length];
    expect(STATUS_MIX.filter((scenario, i) => scenario === next(i))).toEqual([]);
  });
});

it.each(STATUS_SCENARIOS)("the limit of %s is its target", (scenario) => {
  expect(statusLimit(scenario)).toMatchObject({
    bound: "upper",
    upper: STATUS_TARGET_SECONDS[scenario],
    unit: "seconds",
  });
});
