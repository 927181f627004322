import { afterEach, describe, expect, it } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { ModelProcess } from "./model-process.ts";

type Order = { readonly type: "hello" | "abort" | "hang" | "close" };
type Heard = { readonly type: string; readonly what?: string };

let child: ModelProcess<Order, Heard>;
afterEach(() => child.kill("the test is over"));

function start(): Promise<void> {
  child = new ModelProcess({
    source: new URL("./testing/obedient.ts", import.meta.url),
    bundled: "none",
  });
  child.send({ type: "hello" });
  return new Promise((resolve) => child.onMessage(({ what }) => what === "hello" && resolve()));
}

const end = () => new Promise<string>((resolve) => child.onEnd(resolve));
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("a model's process", () => {
  it("tells how it ended, and has no number any more", async () => {
    await start();
    const pid = child.pid!;
    expect(isAlive(pid)).toBe(true);
    child.send({ type: "abort" });
    expect(await end()).toBe("its process was ended by SIGABRT");
    expect(child.pid).toBeUndefined();
    expect(isAlive(pid)).toBe(false);
  });

  it("is told to have run out of memory when the system ended it as it does then", async () => {
    await start();
    process.kill(child.pid!, "SIGKILL");
    expect(await end()).toMatch(/ended by SIGKILL, as the system does when memory runs out$/);
  });

  it("lives as long as it says so, also when it has nothing to do", async () => {
    await start();
    child.watch(2);
    const ended = end();
    const first = await Promise.race([
      ended,
      new Promise((resolve) => setTimeout(() => resolve("lives"), 5_000)),
    ]);
    expect(first).toBe("lives");
  });

  it("is killed when it says nothing and does nothing", async () => {
    await start();
    child.watch(2);
    process.kill(child.pid!, "SIGSTOP");
    expect(await end()).toBe("its process said nothing for 2 s");
  });

  it("is killed when it says nothing for six times as long, although it computes", async () => {
    await start();
    child.watch(2);
    child.send({ type: "hang" });
    expect(await end()).toBe("its process said nothing for 12 s");
  });

  it("ends when it is closed, within a second also when it hangs", async () => {
    await start();
    const orderly = end();
    await child.close();
    expect(await orderly).toBe("it was closed");
    await start();
    child.send({ type: "hang" });
    const pid = child.pid!;
    await child.close();
    expect(isAlive(pid)).toBe(false);
  });

  it("leaves signals of the terminal to the exporter", async () => {
    await start();
    process.kill(child.pid!, "SIGINT");
    process.kill(child.pid!, "SIGTERM");
    child.send({ type: "hello" });
    await new Promise<void>((resolve) => child.onMessage(({ what }) => what && resolve()));
    expect(child.pid).toBeDefined();
  });

  if (process.platform === "linux") {
    it("is the first to go when memory runs out", async () => {
      await start();
      expect(await readFile(`/proc/${child.pid}/oom_score_adj`, "utf8")).toBe("1000\n");
    });
  }
});
