import { getEventListeners, once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "@jest/globals";
import { inTime, LATE } from "./in-time.ts";

const never = new Promise<never>(() => {});

describe("what must come in time", () => {
  it("is the value, or late", async () => {
    expect(await inTime(Promise.resolve(7), 1_000)).toBe(7);
    expect(await inTime(never, 1)).toBe(LATE);
  });

  it("is not late when its reply is there, but the event loop was too busy to read it", async () => {
    const echo = new Worker(
      'const { parentPort } = require("node:worker_threads"); ' +
        'parentPort.on("message", (message) => parentPort.postMessage(message));',
      { eval: true },
    );
    const ask = () => {
      echo.postMessage("anybody there?");
      return once(echo, "message");
    };
    try {
      await ask();
      // In this phase of the event loop timers come before messages.
      await nextTurn();
      const reply = inTime(ask(), 20);
      const until = performance.now() + 1_000;
      while (performance.now() < until);
      expect(await reply).toEqual(["anybody there?"]);
    } finally {
      await echo.terminate();
    }
  });

  it("ends with the signal's reason, and forgets the signal", async () => {
    const gone = new AbortController();
    const waiting = inTime(never, 60_000, gone.signal);
    gone.abort(new Error("gone"));
    await expect(waiting).rejects.toThrow("gone");
    await expect(inTime(never, 60_000, gone.signal)).rejects.toThrow("gone");
    const patient = new AbortController();
    await inTime(Promise.resolve(), 60_000, patient.signal);
    expect(getEventListeners(patient.signal, "abort")).toHaveLength(0);
  });
});
