import { readdirSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { GOALS } from "@headroom/alerts/goals";
import { STATUS_TARGET_SECONDS } from "@headroom/alerts/limits";
import { GRACE_SECONDS, scenariosOf, virtualUsers } from "./arrival.ts";
import { profile, PROFILE_NAMES } from "./profiles.ts";

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
    expect(scenariosOf(throughput)).toEqual({
      sentiment: expect.objectContaining({ rate: 500, timeUnit: "128s", duration: "60s" }),
    });
  });

  it("ask one question about the machine a second in `status`", () => {
    const status = profile("status");
    expect(status.sentiment).toBeUndefined();
    expect(status.status).toMatchObject({ language: "en", strategy: "balanced" });
    expect(scenariosOf(status)).toEqual({
      status: expect.objectContaining({ rate: 1, timeUnit: "1000ms", duration: "60s" }),
    });
  });

  it("send in `mixed` what `throughput` sends, with half as many questions as `status`", () => {
    const mixed = profile("mixed");
    expect(mixed.sentiment).toEqual(profile("throughput").sentiment);
    expect(mixed.status).toEqual({ ...profile("status").status, requestsPerSecond: 0.5 });
    expect(scenariosOf(mixed)).toEqual({
      ...scenariosOf(profile("throughput")),
      status: expect.objectContaining({ rate: 1, timeUnit: "2000ms", duration: "60s" }),
    });
  });

  it("wait at their end for every status answer that keeps its target", () => {
    for (const seconds of Object.values(STATUS_TARGET_SECONDS)) {
      expect(GRACE_SECONDS).toBeGreaterThan(seconds);
    }
  });

  it.each(PROFILE_NAMES)("are bounded in time and in virtual users: %s", (name) => {
    const scenarios = Object.values(scenariosOf(profile(name, 7)));
    expect(scenarios.length).toBeGreaterThan(0);
    for (const scenario of scenarios) {
      const users = "vus" in scenario ? scenario.vus : scenario.maxVUs;
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
