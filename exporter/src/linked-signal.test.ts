import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "@jest/globals";
import { linkSignals } from "./linked-signal.ts";

const ended = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) =>
    signal.addEventListener("abort", () => resolve(signal.reason), { once: true }),
  );

describe("a linked signal", () => {
  it("aborts with the reason of the source that does", async () => {
    const controller = new AbortController();
    const link = linkSignals([new AbortController().signal, controller.signal], 60_000);
    controller.abort("gone");
    expect(link.signal.reason).toBe("gone");
    expect(link.timedOut).toBe(false);
  });

  it("is aborted from the start when a source is", () => {
    expect(linkSignals([AbortSignal.abort("before")]).signal.reason).toBe("before");
  });

  it("aborts when the time is over", async () => {
    const link = linkSignals([], 5);
    expect(await ended(link.signal)).toMatchObject({ name: "TimeoutError" });
    expect(link.timedOut).toBe(true);
  });

  it("does not abort once it is released", async () => {
    const controller = new AbortController();
    const link = linkSignals([controller.signal], 5);
    link.release();
    controller.abort();
    await sleep(20);
    expect(link.signal.aborted).toBe(false);
  });

  it("fires although nobody holds it but its listener, whatever is collected", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const all = Array.from({ length: 20 }, () => {
      const outer = linkSignals([], 60);
      return ended(linkSignals([outer.signal]).signal);
    });
    // Work that only asks now and then adds no listener.
    const asked = Array.from({ length: 20 }, () => linkSignals([linkSignals([], 60).signal]));
    const timer = setInterval(collect, 10);
    await Promise.all(all);
    await sleep(20);
    clearInterval(timer);
    expect(all).toHaveLength(20);
    expect(asked.map(({ signal }) => signal.aborted)).toEqual(asked.map(() => true));
  });
});
