import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { DrillStack } from "../../drill/drill-stack.ts";
import type { Row } from "../row.ts";

/** Long enough for the alert at a drill's pace. */
const OUTAGE_MS = 15_000;

const setup = { redis: true } as const;
const seenByAlert = { alerts: ["HeadroomCacheDegraded"] };

/** Sends Redis' inline commands one after the other; each must be answered with OK or a number. */
async function tell(port: number, ...commands: readonly string[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    for (const command of commands) {
      socket.write(`${command}\r\n`);
      const [answer] = (await once(socket, "data")) as [Buffer];
      if (!/^[+:]/.test(String(answer))) throw new Error(`Redis answered "${command}": ${answer}`);
    }
  } finally {
    socket.destroy();
  }
}

/** Redis takes a command that breaks it, and after a while one that mends it. */
const told = (...during: readonly string[]) => ({
  setup,
  async during({ redisPort }: DrillStack, after: readonly string[]) {
    await tell(redisPort, ...during);
    await sleep(OUTAGE_MS);
    await tell(redisPort, ...after);
  },
});

const password = told("CONFIG SET requirepass chaos", "CLIENT KILL TYPE normal SKIPME yes");
const full = told("CONFIG SET maxmemory-policy noeviction", "CONFIG SET maxmemory 1");
const replica = told("REPLICAOF 127.0.0.1 1");

/** What Redis does must never reach a client: it is a cache. */
export const REDIS_ROWS: readonly Row[] = [
  {
    name: "redis-killed",
    fault: "Redis is killed, and started again at once",
    setup,
    run: async (stack) => void process.kill(stack.pidOf("redis"), "SIGKILL"),
  },
  {
    name: "redis-gone",
    fault: "Redis is away for 15 s",
    setup,
    async run(stack) {
      await stack.killRedis();
      await sleep(OUTAGE_MS);
      await stack.startRedis();
    },
    expect: seenByAlert,
  },
  {
    name: "redis-frozen",
    fault: "Redis is frozen for 15 s",
    setup,
    async run(stack) {
      process.kill(stack.pidOf("redis"), "SIGSTOP");
      await sleep(OUTAGE_MS);
      process.kill(stack.pidOf("redis"), "SIGCONT");
    },
    expect: seenByAlert,
  },
  {
    name: "redis-password",
    fault: "Redis wants a password for 15 s",
    setup,
    run: (stack) => password.during(stack, ["AUTH chaos", "CONFIG SET requirepass ''"]),
    expect: seenByAlert,
  },
  {
    name: "redis-full",
    fault: "Redis is full and evicts nothing for 15 s",
    setup,
    run: (stack) => full.during(stack, ["CONFIG SET maxmemory 128mb"]),
    expect: seenByAlert,
  },
  {
    name: "redis-replica",
    fault: "Redis is a replica, which takes no writes, for 15 s",
    setup,
    run: (stack) => replica.during(stack, ["REPLICAOF NO ONE"]),
    expect: seenByAlert,
  },
  {
    name: "redis-shared",
    fault: "two exporters share one Redis, one of them is killed",
    setup,
    async run(stack) {
      const second = await stack.startSecondExporter();
      const body = JSON.stringify({ messages: ["shared by two exporters"] });
      const ask = async (exporter: string) => {
        const headers = { "Content-Type": "application/json" };
        const answer = await fetch(`${exporter}/v1/sentiment`, { method: "POST", headers, body });
        const { results } = (await answer.json()) as {
          results: { score: number; cached?: boolean }[];
        };
        return results[0]!;
      };
      const own = await ask(stack.exporter);
      await sleep(500);
      const shared = await ask(second);
      process.kill(stack.pidOf("second exporter"), "SIGKILL");
      return {
        problems: [
          ...(own.score === shared.score ? [] : ["the two exporters answer differently"]),
          ...(shared.cached ? [] : ["the second exporter does not use what the first one knows"]),
        ],
      };
    },
  },
];
