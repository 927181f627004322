import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
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
const brokenBy = (during: readonly string[], after: readonly string[]): Row["run"] =>
  async function run({ ports }) {
    await tell(ports.redis, ...during);
    await sleep(OUTAGE_MS);
    await tell(ports.redis, ...after);
  };

/**
 * What the exporter uses and what watches it ends or hangs. It must never reach a client: Redis is a
 * cache, and nobody who asks needs Prometheus and Alertmanager.
 */
export const NEIGHBOUR_ROWS: readonly Row[] = [
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
      await stack.killService("redis");
      await sleep(OUTAGE_MS);
      await stack.startService("redis");
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
    run: brokenBy(
      ["CONFIG SET requirepass chaos", "CLIENT KILL TYPE normal SKIPME yes"],
      ["AUTH chaos", "CONFIG SET requirepass ''"],
    ),
    expect: seenByAlert,
  },
  {
    name: "redis-full",
    fault: "Redis is full and evicts nothing for 15 s",
    setup,
    run: brokenBy(
      ["CONFIG SET maxmemory-policy noeviction", "CONFIG SET maxmemory 1"],
      ["CONFIG SET maxmemory 128mb"],
    ),
    expect: seenByAlert,
  },
  {
    name: "redis-replica",
    fault: "Redis is a replica, which takes no writes, for 15 s",
    setup,
    run: brokenBy(["REPLICAOF 127.0.0.1 1"], ["REPLICAOF NO ONE"]),
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
  {
    name: "prometheus-killed",
    fault: "Prometheus is killed",
    async run(stack) {
      const query = `${stack.prometheus}/api/v1/query?query=`;
      const samples = async () => {
        const expression = encodeURIComponent('count_over_time(up{job="headroom"}[1h])');
        const answer = await fetch(query + expression).catch(() => undefined);
        const { data } = answer?.ok
          ? ((await answer.json()) as { data: { result: { value: [number, string] }[] } })
          : { data: { result: [] } };
        return Number(data.result[0]?.value[1] ?? 0);
      };
      const before = await samples();
      process.kill(stack.pidOf("prometheus"), "SIGKILL");
      const started = Date.now();
      while ((await samples()) <= before && Date.now() - started < 20_000) await sleep(100);
      const after = await samples();
      return {
        problems: after > before ? [] : [`of ${before} samples ${after} are left`],
        note: `${before} samples before, ${after} after`,
      };
    },
  },
  {
    name: "alertmanager-killed",
    fault: "Alertmanager is killed",
    run: async (stack) => void process.kill(stack.pidOf("alertmanager"), "SIGKILL"),
  },
];
