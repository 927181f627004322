import { describe, expect, it } from "@jest/globals";
import { setTimeout as sleep } from "node:timers/promises";
import { type Check, type CheckContext, runChecks, testEnvironment } from "./run-checks.ts";

const check = (name: string, run: Check["run"]): Check => ({ name, title: `about ${name}`, run });

const context = (signal = new AbortController().signal): CheckContext => ({
  env: {},
  activity: (_title, work) => work(),
  signal,
  tool: async (name) => name,
});

describe("runChecks", () => {
  it("goes on after a failure, counts all, and sums up in the last line", async () => {
    const lines: string[] = [];
    const total = await runChecks(
      [
        check("good", async () => true),
        check("bad", async () => false),
        check("broken", () => Promise.reject(new Error("cannot start"))),
        check("many", async () => ({ passed: 40, failed: 2, note: "The slowest: all of them" })),
      ],
      context(),
      (line) => lines.push(line),
    );
    expect(total).toEqual({ passed: 41, failed: 4 });
    expect(lines.at(-1)).toBe("41 passed, 4 failed");
    expect(lines.at(-2)).toMatch(/^\nThe slowest: all of them\n\nok     good, /);
    expect(lines).toContain("cannot start");
    expect(lines.filter((line) => line.startsWith("FAILED"))).toHaveLength(3);
  });

  it("begins what goes beside a check with it, and the next one after both", async () => {
    const order: string[] = [];
    const slow = (name: string, milliseconds: number) =>
      check(name, async () => {
        order.push(`${name} begins`);
        await sleep(milliseconds);
        order.push(`${name} ends`);
        return true;
      });
    const together = [slow("drill", 60), { ...slow("model", 20), beside: true as const }];
    await runChecks([...together, slow("next", 0)], context(), () => {});
    expect(order).toEqual([
      ...["drill begins", "model begins", "model ends", "drill ends"],
      ...["next begins", "next ends"],
    ]);
  });

  it("ends at once when it is interrupted", async () => {
    const controller = new AbortController();
    const ran: string[] = [];
    const running = runChecks(
      [
        check("first", async () => {
          controller.abort(new Error("interrupted"));
          controller.signal.throwIfAborted();
          return true;
        }),
        check("second", async () => (ran.push("second"), true)),
      ],
      context(controller.signal),
      () => {},
    );
    await expect(running).rejects.toThrow("interrupted");
    expect(ran).toEqual([]);
  });
});

it("testEnvironment drops a person's settings and names the tools", () => {
  const env = { PATH: "/bin", HEADROOM_PORT: "1", HEADROOM_GPU: "cuda", HEADROOM_K6: "/old/k6" };
  expect(testEnvironment(env, { k6: "/new/k6", "redis-server": "/bin/redis-server" })).toEqual({
    PATH: "/bin",
    HEADROOM_GPU: "cuda",
    HEADROOM_K6: "/new/k6",
    HEADROOM_REDIS_SERVER: "/bin/redis-server",
  });
});
