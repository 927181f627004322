import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { changedChat, lengthAt, patienceSeconds, SPREADS, stepsTo } from "./chat-load.ts";
import { profile } from "./profiles.ts";

const chatOf = (name: string) => profile(name).chat!;

describe("a chat load", () => {
  it("is changed as a person asks, and stays as it is otherwise", () => {
    expect(changedChat(chatOf("chat"), { requestsPerSecond: 2.5 })).toEqual({
      ...chatOf("chat"),
      arrival: { kind: "constant", requestsPerSecond: 2.5 },
    });
    expect(changedChat(chatOf("users"), { users: 7, thinkSeconds: 3 }).arrival).toEqual({
      kind: "users",
      users: 7,
      thinkSeconds: 3,
    });
    expect(changedChat(chatOf("sweep"), { users: 6 })).toMatchObject({
      mostUsers: 6,
      arrival: { users: 1 },
    });
  });

  it.each([
    ["chat", { users: 2 }, /a rate and no users/],
    ["users", { requestsPerSecond: 2 }, /users and no rate/],
    ["users", { users: 0 }, /number of users is from 1 to 512, got 0/],
    ["users", { outputTokens: Number.NaN }, /an answer is from 1 to 100000 tokens, got NaN/],
    ["users", { sharedPrefix: 1.5 }, /shared part of the inputs is from 0 to 1, got 1.5/],
    ["users", { prompts: "p.jsonl", inputTokens: 5 }, /sent as they are/],
    ["smoke", { users: 2 }, /smoke sends no chat requests/],
  ])("refuses what has no place in %s: %j", (name, change, says) => {
    expect(() => profile(name, undefined, change)).toThrow(says);
  });

  it("doubles the users of a sweep up to the most", () => {
    expect(stepsTo(1)).toEqual([1]);
    expect(stepsTo(8)).toEqual([1, 2, 4, 8]);
    expect(stepsTo(6)).toEqual([1, 2, 4, 6]);
  });

  it.each(SPREADS)("has lengths around their mean, the same for the same draw: %s", (spread) => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5_000 }), (draw, mean) => {
        const length = lengthAt(draw, mean, spread);
        expect(Number.isInteger(length) && length >= 1 && length <= 4 * mean).toBe(true);
        expect(lengthAt(draw, mean, spread)).toBe(length);
      }),
    );
    const lengths = Array.from({ length: 2_000 }, (_, draw) => lengthAt(draw, 1_000, spread));
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(960);
    expect(mean).toBeLessThan(1_040);
  });

  it("is waited for longer than the critical limits allow, also limits of one's own", () => {
    const load = { ...chatOf("users"), spread: "fixed" as const };
    expect(patienceSeconds(load)).toBe(30);
    const slow = {
      id: "first_token_p95",
      title: "",
      unit: "seconds",
      severity: "critical",
      bound: "upper",
      upper: 60,
    } as const;
    expect(patienceSeconds(load, [slow])).toBe(60 + Math.ceil(128 * 0.2));
  });
});
