import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RuleOptions } from "@headroom/alerts/rules/options";
import { buildExporter, buildIncidents } from "../builds.ts";
import { withoutSettings } from "../drill/drill-stack.ts";
import type { KeptService } from "../processes/kept-service.ts";
import { httpProbe } from "../processes/probes.ts";
import type { Running } from "../progress.ts";
import { startRuledPrometheus } from "../ruled-prometheus.ts";
import {
  addressOf,
  EXPORTER_PORT,
  exporterService,
  INCIDENTS_PORT,
  incidentsService,
  PROMETHEUS_PORT,
  type PrometheusPlace,
  REDIS_PORT,
  redisService,
} from "../services.ts";
import type { Session } from "../session.ts";
import { requireTool } from "../tools/obtain.ts";
import { balancerService, type Replica, type Served, servedBy } from "./balancer.ts";

/** Files of the programs of a fleet. */
export type FleetTools = Readonly<Record<"k6" | "prometheus" | "redis-server" | "haproxy", string>>;

/** What a fleet is started with. */
export interface FleetSettings {
  readonly replicas: number;
  /** Settings of every exporter. */
  readonly variables?: Variables;
  /** What its rules differ in from the committed ones. */
  readonly rules?: Partial<RuleOptions>;
  readonly intervalSeconds?: number;
  readonly remoteWrite?: PrometheusPlace["remoteWrite"];
}

type Variables = Readonly<Record<string, string>>;

const FIGURES_PORT = 8404;

/** More would neither fit on one machine nor show more than these. */
export const MOST_REPLICAS = 32;

const LOOK_MS = 50;
/** A restart with the proof of the engine fits in, on a busy machine too. */
const BACK_SECONDS = 60;

/**
 * Exporters, each on a loopback address of its own, behind one HAProxy; with one Redis, one incidents
 * process, and one Prometheus with the generated rules.
 */
export class Fleet {
  /** Addresses: of HAProxy as clients ask it, of its metrics, and of Prometheus. */
  readonly door: string;
  readonly figures: string;
  readonly prometheus: string;
  /** The process that is told of alerts. */
  readonly told: string;
  readonly redisPort: number;
  readonly replicas: readonly Replica[];
  readonly #session: Session;
  readonly #variables: Variables;
  readonly #running = new Map<Replica, KeptService>();

  private constructor(
    session: Session,
    settings: FleetSettings,
    ports: Readonly<Record<"door" | "figures" | "prometheus" | "redis" | "incidents", number>>,
  ) {
    this.door = addressOf(ports.door);
    this.figures = addressOf(ports.figures);
    this.prometheus = addressOf(ports.prometheus);
    this.told = addressOf(ports.incidents);
    this.redisPort = ports.redis;
    this.replicas = replicasOf(settings.replicas, ports.door);
    this.#session = session;
    this.#variables = settings.variables ?? {};
  }

  /**
   * Starts everything, and waits until HAProxy gives requests to each replica.
   *
   * @throws Error that says what to type where this machine has too few loopback addresses, or with the
   * end of the log of the service that does not become ready
   */
  static async start(session: Session, tools: FleetTools, settings: FleetSettings): Promise<Fleet> {
    const ports = {
      door: await session.port("haproxy", EXPORTER_PORT),
      figures: await session.port("the metrics of haproxy", FIGURES_PORT),
      prometheus: await session.port("prometheus", PROMETHEUS_PORT),
      redis: await session.port("redis", REDIS_PORT),
      incidents: await session.port("incidents", INCIDENTS_PORT),
    };
    const fleet = new Fleet(session, settings, ports);
    const { replicas, prometheus } = fleet;
    await requireAddresses(replicas);
    await session.start(await redisService(session.folder, tools["redis-server"], fleet.redisPort));
    const incidents = incidentsService(
      { prometheusUrl: prometheus, folder: join(session.folder.path, "incidents") },
      ports.incidents,
      withoutSettings(process.env),
    );
    await session.start(incidents);
    await Promise.all(replicas.map((replica) => fleet.#startReplica(replica)));
    const place = { port: ports.door, figuresPort: ports.figures, replicas };
    await session.start(await balancerService(session.folder, tools.haproxy, place));
    await startRuledPrometheus(session, tools.prometheus, {
      port: ports.prometheus,
      exporter: replicas.map(urlOf),
      incidents: fleet.told,
      intervalSeconds: settings.intervalSeconds,
      remoteWrite: settings.remoteWrite,
      rules: settings.rules ?? {},
    });
    for (const { name } of replicas) await fleet.#until(name, "up");
    return fleet;
  }

  /** What HAProxy knows of each replica. */
  served(): Promise<ReadonlyMap<string, Served>> {
    return servedBy(this.figures);
  }

  /** Ends one at once, as the system does when memory runs out; it is started again by itself. */
  kill(replica: Replica): void {
    process.kill(this.#running.get(replica)!.pid, "SIGKILL");
  }

  /** Waits until HAProxy gives requests to one again that was killed. */
  async back(replica: Replica): Promise<void> {
    await this.#until(replica.name, "up");
  }

  /**
   * Has one drain and end, starts it again, and waits until it is given requests: one step of a rolling
   * restart.
   *
   * @param variables - settings beside those of the fleet, until its next start
   */
  async restart(replica: Replica, variables: Variables = {}): Promise<void> {
    await this.#running.get(replica)!.stop();
    // Else HAProxy could take the old one's last good answer for the new one's.
    await this.#until(replica.name, "down");
    await this.#startReplica(replica, variables);
    await this.#until(replica.name, "up");
  }

  async #startReplica(replica: Replica, variables: Variables = {}): Promise<void> {
    const { name, host, port } = replica;
    const settings = {
      redisUrl: addressOf(this.redisPort, "redis"),
      variables: { ...this.#variables, ...variables, HEADROOM_HOST: host },
    };
    const service = {
      ...exporterService(settings, port, withoutSettings(process.env)),
      name,
      probe: httpProbe(`${urlOf(replica)}/readyz`),
    };
    this.#running.set(replica, await this.#session.start(service));
  }

  async #until(name: string, state: "up" | "down"): Promise<void> {
    const end = performance.now() + 1000 * BACK_SECONDS;
    for (;;) {
      if ((await this.served()).get(name)?.isUp === (state === "up")) return;
      this.#session.signal.throwIfAborted();
      if (performance.now() > end) {
        throw new Error(
          `haproxy does not see ${name} ${state} after ${BACK_SECONDS} s; ` +
            `the logs are in ${this.#session.folder.path}/logs`,
        );
      }
      await sleep(LOOK_MS);
    }
  }
}

/** Where a replica answers directly. */
export const urlOf = ({ host, port }: Replica): string => `http://${host}:${port}`;

/** From 127.0.0.2 on: the first loopback address is the balancer's. */
function replicasOf(count: number, port: number): readonly Replica[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `replica-${i + 1}`,
    host: `127.0.0.${i + 2}`,
    port,
  }));
}

/**
 * Linux has the whole of 127.0.0.0/8; elsewhere an address must be given to the loopback first.
 *
 * @throws Error that says what to type when one is missing, or taken
 */
export async function requireAddresses(replicas: readonly Replica[]): Promise<void> {
  for (const { host, port } of replicas) {
    const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      const server = createServer().once("error", resolve);
      server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
    });
    if (problem?.code === "EADDRNOTAVAIL") {
      const aliases = replicas.map((one) => `sudo ifconfig lo0 alias ${one.host} up`);
      throw new Error(
        `This machine has no address ${host}, and each replica needs one of its own. ` +
          `On macOS type first:\n  ${aliases.join("\n  ")}`,
      );
    }
    if (problem) {
      throw new Error(
        `Port ${port} of ${host} cannot be had (${problem.code}): is another fleet running? Stop it first.`,
      );
    }
  }
}

/** Finds or obtains every program of a fleet, and builds what is started. */
export async function prepareFleet(running: Running): Promise<FleetTools> {
  const tools = {
    k6: await requireTool("k6", running),
    prometheus: await requireTool("prometheus", running),
    "redis-server": await requireTool("redis-server", running),
    haproxy: await requireTool("haproxy", running),
  };
  await buildExporter(running);
  await buildIncidents(running);
  return tools;
}
