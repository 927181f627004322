import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ComputeBatch } from "./flight.ts";
import { SingleFlight } from "./single-flight.ts";

const live = () => new AbortController().signal;

/** A computation that waits to be told how it ends. */
function controlled(keys: readonly string[]) {
  const asked: string[][] = [];
  const ends: { succeed(): void; fail(error: Error): void; signal: AbortSignal }[] = [];
  const compute: ComputeBatch<string> = (indexes, settle, signal) =>
    new Promise((resolve, reject) => {
      asked.push(indexes.map((index) => keys[index]!));
      const succeed = () => {
        for (const index of indexes) settle(index, `value of ${keys[index]}`);
        resolve();
      };
      ends.push({ succeed, fail: reject, signal });
    });
  return { compute, asked, ends };
}

/** Starts a call whose rejection may be looked at later. */
function start(flights: SingleFlight<string>, keys: readonly string[], signal = live()) {
  const computation = controlled(keys);
  const result = flights.run(keys, computation.compute, signal);
  result.catch(() => {});
  return { ...computation, result };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("single flight", () => {
  it("computes a key once that stands twice in a call", async () => {
    const call = start(new SingleFlight(), ["a", "b", "a"]);
    expect(call.asked).toEqual([["a", "b"]]);
    call.ends[0]!.succeed();
    expect(await call.result).toEqual([
      { value: "value of a", shared: false },
      { value: "value of b", shared: false },
      { value: "value of a", shared: true },
    ]);
  });

  it("waits for keys that another call computes, and computes only the rest", async () => {
    const flights = new SingleFlight<string>();
    const first = start(flights, ["a", "b"]);
    const second = start(flights, ["b", "c"]);
    expect(second.asked).toEqual([["c"]]);
    second.ends[0]!.succeed();
    first.ends[0]!.succeed();
    expect(await second.result).toEqual([
      { value: "value of b", shared: true },
      { value: "value of c", shared: false },
    ]);
  });

  it("gives a value as soon as it is settled, before its batch ends", async () => {
    const flights = new SingleFlight<string>();
    let settleA = () => {};
    const never = new Promise<void>(() => {});
    const stuck: ComputeBatch<string> = (_, settle) => {
      settleA = () => settle(0, "early");
      return never;
    };
    void flights.run(["a", "b"], stuck, live());
    const second = start(flights, ["a"]);
    settleA();
    expect(await second.result).toEqual([{ value: "early", shared: true }]);
  });

  it("computes a key again when its flight has ended", async () => {
    const flights = new SingleFlight<string>();
    for (let round = 0; round < 2; round += 1) {
      const call = start(flights, ["a"]);
      call.ends[0]!.succeed();
      expect(await call.result).toEqual([{ value: "value of a", shared: false }]);
    }
  });
});

describe("a flight that fails", () => {
  const broken = new Error("broken");

  it("fails its own caller, while those who waited compute the key once more, together", async () => {
    const flights = new SingleFlight<string>();
    const owner = start(flights, ["a", "b"]);
    const waiters = [start(flights, ["a"]), start(flights, ["a", "c"])];
    waiters[1]!.ends[0]!.succeed();
    owner.ends[0]!.fail(broken);
    await expect(owner.result).rejects.toBe(broken);
    await turn();
    expect(waiters.map((waiter) => waiter.asked)).toEqual([[["a"]], [["c"]]]);
    waiters[0]!.ends[0]!.succeed();
    expect((await waiters[1]!.result).map(({ value }) => value)).toEqual([
      "value of a",
      "value of c",
    ]);
    expect(await waiters[0]!.result).toEqual([{ value: "value of a", shared: false }]);
  });

  it("fails everybody when the second try fails too", async () => {
    const flights = new SingleFlight<string>();
    const owner = start(flights, ["a"]);
    const waiters = [start(flights, ["a"]), start(flights, ["a"])];
    owner.ends[0]!.fail(new Error("the first"));
    await turn();
    waiters[0]!.ends[0]!.fail(broken);
    for (const waiter of waiters) await expect(waiter.result).rejects.toBe(broken);
    expect(waiters[1]!.asked).toEqual([]);
  });

  it("is one that left a key without a value", async () => {
    const run = new SingleFlight<string>().run(["a"], async () => {}, live());
    await expect(run).rejects.toThrow("without a value");
  });
});

describe("a caller that goes away", () => {
  const gone = new Error("gone");

  it("stops the computation when nobody else waits", async () => {
    const client = new AbortController();
    const call = start(new SingleFlight(), ["a"], client.signal);
    client.abort(gone);
    await expect(call.result).rejects.toBe(gone);
    expect(call.ends[0]!.signal.aborted).toBe(true);
  });

  it("does not stop it while another caller waits for one of its keys", async () => {
    const flights = new SingleFlight<string>();
    const client = new AbortController();
    const owner = start(flights, ["a", "b"], client.signal);
    const waiter = start(flights, ["b"]);
    client.abort(gone);
    await expect(owner.result).rejects.toBe(gone);
    expect(owner.ends[0]!.signal.aborted).toBe(false);
    owner.ends[0]!.succeed();
    expect(await waiter.result).toEqual([{ value: "value of b", shared: true }]);
    expect(waiter.asked).toEqual([]);
  });

  it("stops it when the others go too, and whoever comes then starts anew", async () => {
    const flights = new SingleFlight<string>();
    const clients = [new AbortController(), new AbortController()];
    const [owner, waiter] = clients.map(({ signal }) => start(flights, ["a"], signal));
    for (const client of clients) client.abort(gone);
    await expect(waiter!.result).rejects.toBe(gone);
    expect(owner!.ends[0]!.signal.aborted).toBe(true);
    const next = start(flights, ["a"]);
    expect(next.asked).toEqual([["a"]]);
    // What the aborted computation still gives does not disturb the new one.
    owner!.ends[0]!.succeed();
    next.ends[0]!.succeed();
    expect(await next.result).toEqual([{ value: "value of a", shared: false }]);
  });

  it("starts nothing when it had gone before", async () => {
    const call = start(new SingleFlight(), ["a"], AbortSignal.abort(gone));
    await expect(call.result).rejects.toBe(gone);
    expect(call.asked).toEqual([]);
  });
});

describe("any mix of calls, failures and aborts", () => {
  const call = fc.record({
    keys: fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 5 }),
    fails: fc.boolean(),
    aborts: fc.boolean(),
  });

  it("never computes a key twice at once, and gives each caller its values or a reason", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(call, { maxLength: 8 }), async (order, calls) => {
        const flights = new SingleFlight<string>();
        const wanted = new Map<string, number>();
        const runs = calls.map(async ({ keys, fails, aborts }) => {
          const client = new AbortController();
          await order.schedule(Promise.resolve(), "start");
          if (aborts) void order.schedule(Promise.resolve()).then(() => client.abort("aborted"));
          const compute: ComputeBatch<string> = async (indexes, settle, signal) => {
            const names = indexes.map((index) => keys[index]!);
            const count = (step: number) => {
              for (const name of names) wanted.set(name, (wanted.get(name) ?? 0) + step);
              expect(Math.max(...wanted.values())).toBeLessThanOrEqual(1);
            };
            count(1);
            let counted = true;
            const stop = () => {
              if (counted) count(-1);
              counted = false;
            };
            signal.addEventListener("abort", stop);
            await order.schedule(Promise.resolve(), "compute");
            stop();
            if (fails) throw "failed";
            indexes.forEach((index, position) => settle(index, `value of ${names[position]}`));
          };
          const got = await flights.run(keys, compute, client.signal).then(
            (results) => results.map(({ value }) => value),
            (reason: unknown) => reason,
          );
          if (got === "aborted") expect(aborts).toBe(true);
          else if (got === "failed") expect(calls.some((other) => other.fails)).toBe(true);
          else expect(got).toEqual(keys.map((key) => `value of ${key}`));
        });
        await order.waitFor(Promise.all(runs));
      }),
    );
  });
});
