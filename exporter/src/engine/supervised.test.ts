import { afterEach, describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { Supervised, type Part } from "./supervised.ts";

/** A part that ends when the test says so. */
class Mortal implements Part {
  closed = false;
  readonly #listeners: ((why: string) => void)[] = [];

  onEnd(listener: (why: string) => void): void {
    this.#listeners.push(listener);
  }

  end(why: string): void {
    for (const listener of this.#listeners) listener(why);
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

let supervised: Supervised<Mortal>;
afterEach(() => supervised.close());

/** Opens parts as the test scripts it: an error is thrown, "ok" is a part. */
function scripted(outcomes: readonly (Error | "ok")[]) {
  const parts: Mortal[] = [];
  const told: string[] = [];
  let opened = 0;
  const options = {
    backoffSeconds: 0.01,
    open: async () => {
      const outcome = outcomes[opened++] ?? "ok";
      if (outcome !== "ok") throw outcome;
      const part = new Mortal();
      parts.push(part);
      return part;
    },
    onUp: () => told.push("up"),
    onDown: (why: string, retrySeconds: number | undefined) => told.push(`${why} ${retrySeconds}`),
  };
  return { options, parts, told, opened: () => opened };
}

const until = async (holds: () => boolean) => {
  for (let i = 0; i < 12_000 && !holds(); i++) await sleep(5);
  expect(holds()).toBe(true);
};

describe("a supervised part", () => {
  it("is started again at once when it ends, and then ever less often", async () => {
    const { options, parts, told } = scripted([]);
    supervised = await Supervised.started(options);
    expect(supervised.part).toBe(parts[0]);
    for (let i = 0; i < 4; i++) {
      parts[i]!.end("it was killed");
      expect(supervised.part).toBeUndefined();
      expect(supervised.why).toBe("it was killed");
      await until(() => supervised.part !== undefined);
      expect(supervised.part).toBe(parts[i + 1]);
    }
    expect(supervised.why).toBeUndefined();
    const downs = told.filter((what) => what !== "up");
    expect(downs.map((what) => Number(what.split(" ").at(-1)))).toEqual([0, 0.01, 0.02, 0.04]);
  });

  it("is tried without end when it cannot be started again", async () => {
    const broken = Array.from({ length: 5 }, () => new Error("no memory"));
    const { options, parts, opened } = scripted(["ok", ...broken, "ok"]);
    supervised = await Supervised.started({ ...options, isFinal: () => true });
    parts[0]!.end("it was killed");
    await until(() => opened() > 3);
    expect(supervised.why).toBe("no memory");
    expect(supervised.hopeful).toBe(false);
    await until(() => supervised.part !== undefined);
    expect(supervised.part).toBe(parts[1]);
  });

  it("is worth waiting for at first, and not when its starts fail one after the other", async () => {
    const { options, parts } = scripted([]);
    supervised = await Supervised.started({ ...options, backoffSeconds: 0.2 });
    expect(supervised.hopeful).toBe(false);
    parts[0]!.end("it was killed");
    expect(supervised.hopeful).toBe(true);
  });

  it("is given up when its very first start can never work", async () => {
    const { options, told, opened } = scripted([new Error("no such file")]);
    supervised = Supervised.starting({ ...options, isFinal: () => true });
    await supervised.settled;
    await sleep(50);
    expect([told, opened()]).toEqual([["no such file undefined"], 1]);
    expect(supervised.why).toBe("no such file");
  });

  it("throws what its first start throws where that is waited for", async () => {
    const { options, opened } = scripted([new Error("damaged")]);
    await expect(Supervised.started(options)).rejects.toThrow("damaged");
    await sleep(30);
    expect(opened()).toBe(1);
    supervised = await Supervised.started(scripted([]).options);
  });

  it("is not started again once it is closed, also while it is being started", async () => {
    const { options, parts, opened } = scripted([]);
    supervised = await Supervised.started(options);
    parts[0]!.end("it was killed");
    await supervised.close();
    await sleep(50);
    expect(opened()).toBeLessThanOrEqual(2);
    expect(parts.slice(1).every(({ closed }) => closed)).toBe(true);
    expect(supervised.hopeful).toBe(false);
  });
});
