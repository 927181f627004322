import { readdirSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import { GOALS } from "../../alerts/limits.ts";
import { scenarioOf, virtualUsers } from "./arrival.ts";
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
      arrival: { kind: "constant", messagesPerSecond: GOALS.messagesPerSecond },
      batchSize: GOALS.batchSize,
      attribution: "prefix",
      durationSeconds: 60,
    });
    expect(scenarioOf(throughput)).toMatchObject({ rate: 500, timeUnit: "128s", duration: "60s" });
  });

  it.each(PROFILE_NAMES)("are bounded in time and in virtual users: %s", (name) => {
    const scenario = scenarioOf(profile(name, 7));
    const users = "vus" in scenario ? scenario.vus : scenario.maxVUs;
    expect(users).toBeGreaterThan(0);
    expect(users).toBeLessThanOrEqual(1000);
    expect(JSON.stringify(scenario)).toContain('"7s"');
  });

  it("name the known ones when asked for another", () => {
    expect(() => profile("soak")).toThrow(/"soak"; there are smoke, throughput/);
    expect(() => profile("toString")).toThrow(RangeError);
  });

  it.each([0, -1, 1.5, Number.NaN, 3601])("refuse a duration of %d s", (seconds) => {
    expect(() => profile("smoke", seconds)).toThrow(/1 to 3600 whole seconds/);
  });

  it("have enough virtual users for requests as slow as the critical limit", () => {
    expect(virtualUsers(500)).toBe(500);
    expect(virtualUsers(3.9)).toBe(10);
  });
});
