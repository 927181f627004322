import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatBytes } from "@headroom/loadtest/report/format";
import {
  type Composed,
  EXPORTER,
  inside,
  SERVICES,
  type ServiceName,
  stateOf,
} from "./composed.ts";
import { addedBytes, builtImage } from "./images.ts";
import { podman } from "./podman.ts";

/** Something that holds in containers, or does not. */
export interface Proof {
  /** In words, as a sentence: "no service has a right more than it needs". */
  readonly what: string;
  /** @returns what was seen; @throws Error with what did not hold */
  run(composed: Composed): Promise<string>;
}

/** Where each service writes, beside /tmp. */
const VOLUMES: Partial<Record<ServiceName, string>> = {
  exporter: "/var/lib/headroom/models",
  incidents: "/var/lib/headroom/data",
  prometheus: "/prometheus",
};

/** How far the exporter's figure of memory may be from the control group's, a moment later. */
const MEMORY_TOLERANCE = 0.05;

const LOAD_SECONDS = "15";

/** What holds while nothing is wrong. */
export const PROOFS: readonly Proof[] = [
  {
    what: "the images hold what runs, and little else",
    run: async () => {
      const seen: string[] = [];
      for (const name of ["exporter", "incidents"] as const) {
        const added = await addedBytes(name);
        const script = [
          "node --version",
          "command -v cc gcc g++ clang make tsc || true",
          "ls -d node_modules/typescript node_modules/@node-llama-cpp/* 2>/dev/null || true",
        ].join("; ");
        const run = ["run", "--rm", "--network=none", await builtImage(name), "sh", "-c", script];
        const [version, ...rest] = (await podman(run)).split("\n");
        const engine = `node_modules/@node-llama-cpp/linux-${process.arch}`;
        expect(`${name} has node 24`, version?.startsWith("v24."), true);
        expect(`beside it, ${name} has`, rest.join(" "), name === "exporter" ? engine : "");
        seen.push(`${name} ${formatBytes(added)} above Node's`);
      }
      return seen.join(", ");
    },
  },
  {
    what: "no service has a right, or writes where it should not",
    run: async () => {
      for (const service of SERVICES) {
        const { pid } = await stateOf(service);
        const status = await readFile(`/proc/${pid}/status`, "utf8");
        const of = (key: string) => RegExp(`^${key}:\\s+(\\S+)`, "m").exec(status)?.[1];
        expect(`${service} runs as root`, of("Uid") === "0", false);
        expect(`rights of ${service}`, Number(`0x${of("CapEff")}`), 0);
        expect(`rights that ${service} may get`, of("NoNewPrivs"), "1");
        expect(`filter of ${service}'s calls`, of("Seccomp"), "2");
        const touch = (folder: string) => inside(service, `touch ${folder}/probe && echo written`);
        expect(`/ of ${service}`, /Read-only/.test(await touch("/")), true);
        for (const folder of ["/tmp", VOLUMES[service] ?? "/tmp"]) {
          expect(`${folder} of ${service}`, await touch(folder), "written");
        }
      }
      return `${SERVICES.length} services: no capability, root read-only, /tmp and volumes writable`;
    },
  },
  {
    what: "all are healthy, and Prometheus reaches them by their names",
    run: async (composed) => {
      for (const service of SERVICES) await composed.untilHealthy(service);
      await composed.until("scraped", 30, async () => (await composed.query("sum(up)")) === 2);
      return "health checks pass, both targets are up";
    },
  },
  {
    what: "the service k6 puts the exporter under load",
    run: async (composed) => {
      const held = await composed.load({ LOAD_PROFILE: "mixed", LOAD_SECONDS });
      const rows = ["sum(k6_http_reqs_total)", "sum(sentiment_requests_total)"] as const;
      const [sent, counted] = await Promise.all(rows.map((row) => composed.query(row)));
      expect("k6's series reach Prometheus", (sent ?? 0) > 0, true);
      expect("requests are counted", (counted ?? 0) > 0, true);
      const entries = await metric('headroom_cache_entries{cache="shared",tier="redis"}');
      expect("Redis holds answers", (entries ?? 0) > 0, true);
      const text = `${sent} requests by k6, ${entries} answers in Redis`;
      return held ? text : `${text}; thresholds were crossed, so this machine is slow or busy`;
    },
  },
  {
    what: "the memory that the exporter tells is that of its control group",
    run: async () => {
      const told = await metric('headroom_memory_used_bytes{scope="container"}');
      const capacity = await metric('headroom_memory_capacity_bytes{scope="container"}');
      const { limitBytes, usedBytes } = await groupOf("exporter");
      const used = Math.abs(told! - usedBytes) <= MEMORY_TOLERANCE * usedBytes;
      expect(`told ${told}, and used ${usedBytes} bytes`, used, true);
      expect("its capacity", capacity, limitBytes);
      return `${formatBytes(told!)} told, ${formatBytes(usedBytes)} used, of ${formatBytes(limitBytes)}`;
    },
  },
];

/** What the kernel's files say of a container's memory, seen from outside, in bytes. */
async function groupOf(service: ServiceName) {
  const { pid } = await stateOf(service);
  const membership = await readFile(`/proc/${pid}/cgroup`, "utf8");
  const first = /^\d+:memory:(.+)$/m.exec(membership)?.[1];
  const second = /^0::(.+)$/m.exec(membership)?.[1];
  const folder = join("/sys/fs/cgroup", first === undefined ? second! : `memory${first}`);
  const [usage, limit, inactive] =
    first === undefined
      ? (["memory.current", "memory.max", "inactive_file"] as const)
      : (["memory.usage_in_bytes", "memory.limit_in_bytes", "total_inactive_file"] as const);
  const read = (name: string) => readFile(join(folder, name), "utf8");
  const reclaimable = RegExp(`^${inactive} (\\d+)$`, "m").exec(await read("memory.stat"))?.[1];
  return {
    limitBytes: Number(await read(limit)),
    usedBytes: Number(await read(usage)) - Number(reclaimable),
  };
}

/** @throws Error when what was seen is not as it should be */
export function expect(what: string, seen: unknown, right: unknown): void {
  if (seen !== right) throw new Error(`${what}: ${String(seen)}, which should be ${String(right)}`);
}

/** A value of the exporter's metrics. */
export async function metric(series: string): Promise<number | undefined> {
  const text = await (await fetch(`${EXPORTER}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}
