import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { IncidentStore } from "@headroom/incidents/records/incident-store";
import { startAlertmanager } from "../start-services.ts";
import {
  EXPORTER_PORT,
  exporterService as exporterPart,
  INCIDENTS_PORT,
  incidentsService as incidentsPart,
  PROMETHEUS_PORT,
  REDIS_PORT,
  redisService as redisPart,
} from "../services.ts";
import { startRuledPrometheus as startPrometheus } from "../ruled-prometheus.ts";
import type { KeptService as KeptPart, Service as Starting } from "../processes/kept-service.ts";
import type { Session } from "../session.ts";
import type { Setup } from "./fault.ts";
import { BYTES_ALONE, WITHOUT_MEMORY } from "./limits.ts";
import { DRILL_INTERVAL_SECONDS, DRILL_PACE } from "./pace.ts";
import { type LoadName, Loads } from "./loads.ts";
import { withoutSettings } from "./without-settings.ts";

const run = promisify(execFile);

/** What a model is for. */
export type ModelTask = "sentiment" | "status";

/** Files of the programs of a drill. */
export type DrillTools = Readonly<
  Record<"k6" | "prometheus" | "alertmanager" | "redis-server", string>
>;

/** The parts of one drill, each of which a fault may stop and start again. */
export class DrillStack {
  readonly exporter: string;
  /** The process that is told of alerts. */
  readonly told: string;
  readonly incidents: IncidentStore;
  /** Memory of the whole machine in use before anything went wrong, in bytes. */
  readonly usedAtStart: number;
  readonly prometheus: string;
  /** Port of Redis, where the setup has one. */
  readonly redisPort: number;
  readonly #session: Session;
  readonly #parts: Parts;
  readonly #loads: Loads;

  private constructor(session: Session, parts: Parts, started: Started, loads: Loads) {
    this.#session = session;
    this.#parts = parts;
    this.#loads = loads;
    this.exporter = `http://127.0.0.1:${parts.ports.exporter}`;
    this.told = `http://127.0.0.1:${parts.ports.incidents}`;
    this.incidents = new IncidentStore(parts.folder);
    this.prometheus = started.prometheus;
    this.redisPort = parts.ports.redis;
    this.usedAtStart = started.usedBytes;
  }

  /**
   * Starts the incidents process, the exporter with the simulated engine, Prometheus with the rules at a drill's pace,
   * Alertmanager, and a steady load.
   *
   * @throws Error with the end of the log of the part that does not become ready
   */
  static async start(session: Session, tools: DrillTools, setup: Setup): Promise<DrillStack> {
    // One after the other: a port that is asked for is kept from the others.
    const ports = {
      exporter: await session.port("exporter", EXPORTER_PORT),
      incidents: await session.port("incidents", INCIDENTS_PORT),
      prometheus: await session.port("prometheus", PROMETHEUS_PORT),
      redis: await session.port("redis", REDIS_PORT),
    };
    const parts: Parts = {
      tools,
      ports,
      folder: join(session.folder.path, "incidents"),
      variables: setup.variables ?? {},
      withRedis: setup.redis === true,
      shell: setup.shell ?? {},
      running: {},
    };
    if (parts.withRedis) await startRedis(session, parts);
    await startIncidents(session, parts);
    await startExporter(session, parts);
    const exporter = `http://127.0.0.1:${ports.exporter}`;
    const incidents = `http://127.0.0.1:${ports.incidents}`;
    const usedBytes = await systemMemory(exporter);
    const alertmanager = await startAlertmanager(session, tools.alertmanager, incidents);
    const prometheus = await startPrometheus(session, tools.prometheus, {
      port: ports.prometheus,
      exporter,
      incidents,
      alertmanager,
      intervalSeconds: DRILL_INTERVAL_SECONDS,
      rules: {
        limits: setup.limits?.(usedBytes) ?? WITHOUT_MEMORY,
        memoryFraction: BYTES_ALONE,
        pace: DRILL_PACE,
        runbooks: `${incidents}/runbooks`,
      },
    });
    const loads = new Loads(tools.k6, exporter, session);
    loads.start("steady");
    return new DrillStack(session, parts, { prometheus, usedBytes }, loads);
  }

  /**
   * The process of a part, for faults that come from outside: whatever ends is started again.
   *
   * @throws Error when there is no such part
   */
  pidOf(part: string): number {
    return this.#session.pidOf(part);
  }

  /**
   * Starts another exporter beside the first, with the same settings and the same Redis.
   *
   * @returns its address
   */
  async startSecondExporter(): Promise<string> {
    const port = await this.#session.port("second exporter", EXPORTER_PORT);
    await this.#session.start({ ...exporterOf(this.#parts, port), name: "second exporter" });
    return `http://127.0.0.1:${port}`;
  }

  /** Where incidents are kept. */
  get incidentsFolder(): string {
    return this.#parts.folder;
  }

  /** Where alerts are sent to. */
  get webhook(): string {
    return `${this.told}/v1/alerts`;
  }

  async stopExporter(): Promise<void> {
    await this.#parts.running.exporter?.stop();
  }

  /** At once, as the system does when memory runs out. */
  async killExporter(): Promise<void> {
    await this.#parts.running.exporter?.stop(0);
  }

  /** With these settings beside those of the setup; they hold until the next start. */
  async restartExporter(variables: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.stopExporter();
    await startExporter(this.#session, this.#parts, variables);
  }

  async stopIncidents(): Promise<void> {
    await this.#parts.running.incidents?.stop();
  }

  startIncidents(): Promise<void> {
    return startIncidents(this.#session, this.#parts);
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

  /** One process that has the sentiment model. */
  async killScorer(): Promise<void> {
    const [first] = await this.modelProcesses("sentiment");
    if (first === undefined) throw new Error("the exporter has no process with the model");
    process.kill(first, "SIGKILL");
  }

  /** At once, and without a word to those who are connected. */
  async killRedis(): Promise<void> {
    await this.#parts.running.redis?.stop(0);
  }

  startRedis(): Promise<void> {
    return startRedis(this.#session, this.#parts);
  }

  startLoad(name: LoadName): void {
    this.#loads.start(name);
  }

  stopLoad(name: LoadName): Promise<void> {
    return this.#loads.stop(name);
  }

  /** Runs a program of this Node beside everything; what it gives ends the program. */
  async runBeside(name: string, args: readonly string[]): Promise<() => Promise<void>> {
    const part = await this.#session.startOnce({ name, command: process.execPath, args });
    return () => part.stop();
  }

  /** Ends the loads; the session ends the rest. */
  stop(): Promise<void> {
    return this.#loads.stopAll();
  }
}

interface Parts {
  readonly tools: DrillTools;
  readonly ports: Readonly<Record<"exporter" | "incidents" | "prometheus" | "redis", number>>;
  /** Where incidents are kept. */
  readonly folder: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly withRedis: boolean;
  readonly shell: NonNullable<Setup["shell"]>;
  readonly running: { exporter?: KeptPart; incidents?: KeptPart; redis?: KeptPart };
}

interface Started {
  readonly prometheus: string;
  readonly usedBytes: number;
}

async function startRedis(session: Session, { tools, ports, running }: Parts): Promise<void> {
  const part = await redisPart(session.folder, tools["redis-server"], ports.redis);
  running.redis = await session.start(part);
}

async function startIncidents(
  session: Session,
  { ports, folder, shell, running }: Parts,
): Promise<void> {
  const prometheusUrl = `http://127.0.0.1:${ports.prometheus}`;
  const own = withoutSettings(process.env);
  const part = incidentsPart({ folder, prometheusUrl }, ports.incidents, own);
  running.incidents = await session.start(behind(shell.incidents, part));
}

async function startExporter(
  session: Session,
  parts: Parts,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  parts.running.exporter = await session.start(exporterOf(parts, parts.ports.exporter, more));
}

function exporterOf(
  { ports, withRedis, shell, variables }: Parts,
  port: number,
  more: Readonly<Record<string, string>> = {},
): Starting {
  const settings = {
    simulate: true,
    redisUrl: withRedis ? `redis://127.0.0.1:${ports.redis}` : undefined,
    variables: { ...variables, ...more },
  };
  return behind(shell.exporter, exporterPart(settings, port, withoutSettings(process.env)));
}

/** Has a shell do something before it becomes the part. */
function behind(shell: string | undefined, part: Starting): Starting {
  if (shell === undefined) return part;
  const args = ["-c", `${shell}\nexec "$@"`, "sh", part.command, ...part.args];
  return { ...part, command: "/bin/sh", args };
}

async function systemMemory(exporter: string): Promise<number> {
  const text = await (await fetch(`${exporter}/metrics`)).text();
  const value = /^headroom_memory_used_bytes\{scope="system"\} (\S+)$/m.exec(text)?.[1];
  if (value === undefined) throw new Error("the exporter does not say how much memory is in use");
  return Number(value);
}
