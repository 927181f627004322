import { describe, expect, it } from "@jest/globals";
import { inTurn, type Turn } from "./run.ts";

const options = {
  warmUp: 1,
  rounds: 3,
  what: "a test",
  tell: () => {},
  signal: new AbortController().signal,
};

describe("measuring in turn", () => {
  it("goes round, every second time backwards, and leaves the warm-up out", async () => {
    const order: string[] = [];
    const turns = ["A", "B", "C"].map((name, i): Turn => async (round) => {
      order.push(name);
      return 10 * i + round;
    });
    const measured = await inTurn(turns, options);
    expect(order.join("")).toBe("ABCCBAABCCBA");
    expect(measured).toEqual([
      [1, 2, 3],
      [11, 12, 13],
      [21, 22, 23],
    ]);
  });

  it("stops between two measurements when it is interrupted", async () => {
    const interrupt = new AbortController();
    let measured = 0;
    const turn: Turn = async () => {
      if (++measured === 2) interrupt.abort(new Error("interrupted"));
      return 0;
    };
    await expect(inTurn([turn], { ...options, signal: interrupt.signal })).rejects.toThrow(
      "interrupted",
    );
    expect(measured).toBe(2);
  });
});
