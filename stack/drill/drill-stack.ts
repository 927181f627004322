import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Limit } from "@headroom/alerts/limits";
import { textOf } from "@headroom/exporter/config/setting";
import { settings } from "@headroom/exporter/config/settings";
import { IncidentStore } from "@headroom/incidents/records/incident-store";
import { startAlertmanager } from "../start-services.ts";
import {
  EXPORTER_PORT,
  exporterService,
  INCIDENTS_PORT,
  incidentsService,
  PROMETHEUS_PORT,
  REDIS_PORT,
  redisService,
} from "../services.ts";
import { startRuledPrometheus } from "../ruled-prometheus.ts";
import type { KeptService, Service } from "../processes/kept-service.ts";
import type { Session } from "../session.ts";
import { type LoadName, startLoad } from "./loads.ts";
import { modelServer, type ModelServerSettings, UPSTREAM_PORT } from "./model-server.ts";
import { BYTES_ALONE, DRILL_INTERVAL_SECONDS, DRILL_PACE, WITHOUT_MEMORY } from "./rules.ts";

const run = promisify(execFile);

/** What a model is for. */
type ModelTask = "sentiment" | "status";

/** Files of the programs of a drill. */
export type DrillTools = Readonly<
  Record<"k6" | "prometheus" | "alertmanager" | "redis-server", string>
>;

/** What a drill's stack must have for its fault, beyond what every drill has. */
export interface Setup {
  readonly redis?: true;
  /** A model server behind the exporter, whose answers are made up. */
  readonly upstream?: true;
  /** Loads beside the steady one. */
  readonly loads?: readonly LoadName[];
  /** Settings of the exporter. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What a shell does before it becomes the exporter or the incidents process, such as `ulimit -n 256`. */
  readonly shell?: { readonly [service in "exporter" | "incidents"]?: string };
  /** The limits of its rules, for a machine that uses so many bytes of memory. */
  readonly limits?: (usedBytes: number) => readonly Limit[];
}

type Variables = Readonly<Record<string, string>>;

/** A service that a fault may stop and start again. */
export type ServiceName = "exporter" | "incidents" | "redis" | "upstream";

const local = (port: number): string => `http://127.0.0.1:${port}`;

/** The services of one drill, each of which a fault may stop and start again. */
export class DrillStack {
  /** Addresses: of the exporter, of the process that is told of alerts, and of Prometheus. */
  readonly exporter: string;
  readonly told: string;
  readonly prometheus: string;
  readonly ports: Readonly<Record<ServiceName | "prometheus", number>>;
  /** Where incidents are kept. */
  readonly incidentsFolder: string;
  readonly incidents: IncidentStore;
  /** Memory of the whole machine in use before anything went wrong, in bytes. */
  usedAtStart = Number.NaN;
  readonly #session: Session;
  readonly #tools: DrillTools;
  readonly #setup: Setup;
  readonly #running = new Map<ServiceName, KeptService>();
  /** What stops each load. */
  readonly #loads = new Map<LoadName, () => Promise<unknown>>();

  private constructor(
    session: Session,
    tools: DrillTools,
    setup: Setup,
    ports: DrillStack["ports"],
  ) {
    this.exporter = local(ports.exporter);
    this.told = local(ports.incidents);
    this.prometheus = local(ports.prometheus);
    this.ports = ports;
    this.incidentsFolder = join(session.folder.path, "incidents");
    this.incidents = new IncidentStore(this.incidentsFolder);
    this.#session = session;
    this.#tools = tools;
    this.#setup = setup;
  }

  /**
   * Starts the incidents process, the exporter with the simulated engine, Prometheus with the rules at
   * a drill's pace, Alertmanager, and a steady load.
   *
   * @throws Error with the end of the log of the service that does not become ready
   */
  static async start(session: Session, tools: DrillTools, setup: Setup): Promise<DrillStack> {
    // One after the other: a port that is asked for is kept from the others.
    const stack = new DrillStack(session, tools, setup, {
      exporter: await session.port("exporter", EXPORTER_PORT),
      incidents: await session.port("incidents", INCIDENTS_PORT),
      prometheus: await session.port("prometheus", PROMETHEUS_PORT),
      redis: await session.port("redis", REDIS_PORT),
      upstream: await session.port("upstream", UPSTREAM_PORT),
    });
    const { exporter, told: incidents } = stack;
    if (setup.upstream) await stack.startService("upstream");
    if (setup.redis) await stack.startService("redis");
    await stack.startService("incidents");
    await stack.startService("exporter");
    stack.usedAtStart = await systemMemory(exporter);
    await startRuledPrometheus(session, tools.prometheus, {
      port: stack.ports.prometheus,
      exporter,
      incidents,
      alertmanager: await startAlertmanager(session, tools.alertmanager, incidents),
      upstreamMetrics: setup.upstream && `${local(stack.ports.upstream)}/metrics`,
      intervalSeconds: DRILL_INTERVAL_SECONDS,
      rules: {
        limits: setup.limits?.(stack.usedAtStart) ?? WITHOUT_MEMORY,
        memoryFraction: BYTES_ALONE,
        pace: DRILL_PACE,
        runbooks: `${incidents}/runbooks`,
      },
    });
    for (const name of ["steady", ...(setup.loads ?? [])] as const) stack.startLoad(name);
    return stack;
  }

  /** Ends the loads; the session ends the rest. */
  async stop(): Promise<void> {
    await Promise.all([...this.#loads.keys()].map((name) => this.stopLoad(name)));
  }

  /** @param variables - settings of the exporter beside those of the setup, until its next start */
  async startService(name: ServiceName, variables: Variables = {}): Promise<void> {
    this.#running.set(name, await this.#session.start(await this.#service(name, variables)));
  }

  /** Stops a service for good: it is not started again by itself. */
  async stopService(name: ServiceName): Promise<void> {
    await this.#running.get(name)?.stop();
  }

  /** The same at once, as the system does when memory runs out. */
  async killService(name: ServiceName): Promise<void> {
    await this.#running.get(name)?.stop(0);
  }

  /** With these settings beside those of the setup; they hold until the next start. */
  async restartExporter(variables: Variables = {}): Promise<void> {
    await this.stopService("exporter");
    await this.startService("exporter", variables);
  }

  /** The model server answers as these settings say, until its next start. */
  async restartUpstream(settings: ModelServerSettings = {}): Promise<void> {
    await this.stopService("upstream");
    const service = modelServer(this.ports.upstream, settings);
    this.#running.set("upstream", await this.#session.start(service));
  }

  /**
   * Starts another exporter beside the first, with the same settings and the same Redis.
   *
   * @returns its address
   */
  async startSecondExporter(): Promise<string> {
    const port = await this.#session.port("second exporter", EXPORTER_PORT);
    await this.#session.start({ ...this.#exporter(port, {}), name: "second exporter" });
    return local(port);
  }

  /**
   * The process of a service, for faults that come from outside: whatever ends is started again.
   *
   * @throws Error when there is no such service
   */
  pidOf(service: string): number {
    return this.#session.pidOf(service);
  }

  /** The exporter's processes that have the model of a task; it starts each again that ends. */
  async modelProcesses(task: ModelTask): Promise<number[]> {
    const program = { sentiment: "/scoring.js", status: "/chat.js" }[task];
    const processes = (await run("ps", ["-A", "-o", "pid=,ppid=,args="])).stdout.split("\n");
    return processes.flatMap((line) => {
      const [pid, parent, ...args] = line.trim().split(/\s+/);
      const isOne = parent === String(this.pidOf("exporter"));
      return isOne && args.some((arg) => arg.endsWith(program)) ? [Number(pid)] : [];
    });
  }

  /**
   * Sends a signal to one process that has the sentiment model.
   *
   * @throws Error when there is none
   */
  async signalScorer(signal: NodeJS.Signals): Promise<void> {
    const [first] = await this.modelProcesses("sentiment");
    if (first === undefined) throw new Error("the exporter has no process with the model");
    process.kill(first, signal);
  }

  startLoad(name: LoadName): void {
    const { folder, signal } = this.#session;
    const run = { k6: this.#tools.k6, target: this.exporter, folder, signal };
    this.#loads.set(name, startLoad(name, run));
  }

  async stopLoad(name: LoadName): Promise<void> {
    const stop = this.#loads.get(name);
    this.#loads.delete(name);
    await stop?.();
  }

  /** Runs a program of this Node beside everything; what it gives ends the program. */
  async runBeside(name: string, args: readonly string[]): Promise<() => Promise<void>> {
    const program = await this.#session.startOnce({ name, command: process.execPath, args });
    return () => program.stop();
  }

  async #service(name: ServiceName, variables: Variables): Promise<Service> {
    switch (name) {
      case "exporter":
        return this.#exporter(this.ports.exporter, variables);
      case "incidents": {
        const settings = { folder: this.incidentsFolder, prometheusUrl: this.prometheus };
        const service = incidentsService(
          settings,
          this.ports.incidents,
          withoutSettings(process.env),
        );
        return behind(this.#setup.shell?.incidents, service);
      }
      case "upstream":
        return modelServer(this.ports.upstream);
      case "redis":
        return redisService(this.#session.folder, this.#tools["redis-server"], this.ports.redis);
    }
  }

  #exporter(port: number, variables: Variables): Service {
    const { redis, upstream, shell } = this.#setup;
    const settings = {
      simulate: true,
      redisUrl: redis ? `redis://127.0.0.1:${this.ports.redis}` : undefined,
      upstreamUrl: upstream && local(this.ports.upstream),
      variables: { ...this.#setup.variables, ...variables },
    };
    return behind(shell?.exporter, exporterService(settings, port, withoutSettings(process.env)));
  }
}

/** Has a shell do something before it becomes the service. */
function behind(shell: string | undefined, service: Service): Service {
  if (shell === undefined) return service;
  const args = ["-c", `${shell}\nexec "$@"`, "sh", service.command, ...service.args];
  return { ...service, command: "/bin/sh", args };
}

const SETTINGS = Object.values(settings.shape).map((schema) => textOf(schema).variable);

/** An environment without the settings of the exporter and the incidents process: a drill must not depend on the caller's. */
export function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !SETTINGS.includes(name) && !name.startsWith("HEADROOM_INCIDENTS_"),
    ),
  );
}

async function systemMemory(exporter: string): Promise<number> {
  const text = await (await fetch(`${exporter}/metrics`)).text();
  const value = /^headroom_memory_used_bytes\{scope="system"\} (\S+)$/m.exec(text)?.[1];
  if (value === undefined) throw new Error("the exporter does not say how much memory is in use");
  return Number(value);
}
