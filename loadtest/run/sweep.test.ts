import { describe, expect, it } from "@jest/globals";
import { exampleStep, type StepChange } from "../testing/example-sweep.ts";
import { sweepUsers } from "./sweep.ts";

/** Sweeps over scripted steps; what the script does not name goes well. */
async function sweepOver(script: Readonly<Record<number, StepChange>>, all = 120, request = 0.5) {
  const lengths: number[] = [];
  const { sweep } = await sweepUsers([1, 2, 4, 8], { all, request }, async (users, seconds) => {
    lengths.push(seconds);
    return { ...exampleStep(users, { ...script[users], seconds }), goals: [], notes: [] };
  });
  return { users: sweep.steps.map((step) => step.users), end: sweep.end, lengths };
}

describe("a sweep", () => {
  const slow = { firstToken: 0.6 };

  it("stops at a number of users that breaks a limit, and looks between it and the one before", async () => {
    const end = { kind: "limit" };
    expect(await sweepOver({ 4: slow })).toMatchObject({ users: [1, 2, 3, 4], end });
    expect(await sweepOver({ 3: slow, 4: slow })).toMatchObject({ users: [1, 2, 3, 4], end });
    expect(await sweepOver({ 8: slow })).toMatchObject({ users: [1, 2, 4, 6, 7, 8], end });
    expect(await sweepOver({ 6: slow, 8: slow })).toMatchObject({ users: [1, 2, 4, 5, 6, 8], end });
  });

  it("tries nothing between where there is no number or no time, and leaves out what tells nothing", async () => {
    expect((await sweepOver({ 1: slow })).users).toEqual([1]);
    expect((await sweepOver({ 2: slow })).users).toEqual([1, 2]);
    expect((await sweepOver({ 4: slow }, 60)).users).toEqual([1, 2, 4]);
    const sweep = await sweepOver({ 4: slow, 3: { complete: false } });
    expect(sweep).toMatchObject({ users: [1, 2, 4], end: { kind: "limit" } });
  });

  it("ends with an error where answers between are wrong", async () => {
    const sweep = await sweepOver({ 4: slow, 3: { wrongAnswers: 1 } });
    expect(sweep).toMatchObject({ users: [1, 2, 3], end: { kind: "failed" } });
  });

  it("goes to the last number when none does", async () => {
    expect(await sweepOver({})).toMatchObject({ users: [1, 2, 4, 8], end: { kind: "last" } });
  });

  it("takes a step's length from the pace before it, within bounds, and ends in time", async () => {
    // Requests of 0.5 s at first, and of 2.2 s as the steps measure them.
    expect((await sweepOver({})).lengths).toEqual([13, 28, 14, 8]);
    expect(await sweepOver({}, 45)).toMatchObject({ users: [1, 2], end: { kind: "time" } });
    expect((await sweepOver({}, 3)).lengths).toEqual([3]);
    expect((await sweepOver({}, 600, 60)).lengths[0]).toBe(150);
  });

  it("does not judge by a handful of answers", async () => {
    const end = { kind: "evidence" };
    expect(await sweepOver({ 2: { answers: 4 } })).toMatchObject({ users: [1, 2], end });
  });

  it("ends with an error where answers are wrong, or one user gets none", async () => {
    expect((await sweepOver({ 2: { wrongAnswers: 1 } })).end.kind).toBe("failed");
    const nothing = { answers: 0, failed: 20, firstToken: Number.NaN, goodput: 0 };
    expect((await sweepOver({ 1: nothing })).end.kind).toBe("failed");
    // Under more users than before, that is what overload looks like.
    expect((await sweepOver({ 4: nothing })).end.kind).toBe("limit");
  });

  it("ends when it is told to", async () => {
    expect((await sweepOver({ 2: { complete: false } })).end.kind).toBe("stopped");
  });
});
