import { describe, expect, it } from "@jest/globals";
import { atOnce, inTurn, type Turn } from "./in-turn.ts";

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
    const turns = ["A", "B", "C"].map((name, i): Turn => ({
      name,
      async measure(round) {
        order.push(name);
        return 10 * i + round;
      },
    }));
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
    const turn: Turn = {
      name: "A",
      async measure() {
        if (++measured === 2) interrupt.abort(new Error("interrupted"));
        return 0;
      },
    };
    await expect(inTurn([turn], { ...options, signal: interrupt.signal })).rejects.toThrow(
      "interrupted",
    );
    expect(measured).toBe(2);
  });
});

it("jobs are done so many at once", async () => {
  let running = 0;
  let most = 0;
  const job = async () => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
  };
  await atOnce(
    3,
    Array.from({ length: 10 }, () => job),
  );
  expect({ most, running }).toEqual({ most: 3, running: 0 });
});
