import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunFolder } from "./places.ts";
import { type Change, KeptService, type Service } from "./processes/kept-service.ts";
import { freePort } from "./processes/probes.ts";
import { type ServiceProcess, startProcess } from "./processes/process.ts";
import type { Activity } from "./progress.ts";

/** A service that is, or was, not there, as the file of troubles has it for the live page. */
interface Trouble {
  readonly part: string;
  /** Milliseconds since 1970, as `until`. */
  readonly since: number;
  /** When it was back; absent while it is not. */
  readonly until?: number;
  readonly why: string;
}

/** Ports of all sessions of this process. A service may start long after its port was asked for. */
const PROMISED = new Set<number>();

/** The services of one run: started one after the other, kept running, and stopped together. */
export class Session {
  readonly folder: RunFolder;
  readonly activity: Activity;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  readonly #services: (KeptService | ServiceProcess)[] = [];
  readonly #ports: number[] = [];
  readonly #troubles = new Map<string, Trouble>();

  constructor(options: Pick<Session, "folder" | "activity" | "signal" | "say">) {
    this.folder = options.folder;
    this.activity = options.activity;
    this.signal = options.signal;
    this.say = options.say;
  }

  /** A JSON file of the last trouble of each service; without it there was none. */
  get troublesFile(): string {
    return join(this.folder.path, "troubles.json");
  }

  /**
   * A free port for a service: the preferred one, else the next, which is then named. No other
   * service of this process gets it until the run is stopped.
   *
   * @throws Error when no port near it is free
   */
  async port(service: string, preferred: number): Promise<number> {
    const port = await freePort(preferred, PROMISED);
    this.#ports.push(port);
    if (port !== preferred) this.say(`Port ${preferred} is taken; ${service} takes ${port}.`);
    return port;
  }

  /**
   * Starts a service, waits until it is ready, and from then on keeps it running: it is started
   * again whenever it ends by itself, which is said. Its log is in the run's folder.
   *
   * @throws Error that shows the end of its log when it does not become ready
   */
  async start(service: Service): Promise<KeptService> {
    this.signal.throwIfAborted();
    return this.activity(`Starting ${service.name}`, async () => {
      const kept = await KeptService.start(service, {
        logFile: this.folder.log(service.name),
        signal: this.signal,
        tell: (change) => this.#tell(change),
      });
      this.#services.push(kept);
      return kept;
    });
  }

  /** Starts a program that may end by itself; the stop of the run ends it too. */
  async startOnce(program: Pick<Service, "name" | "command" | "args">): Promise<ServiceProcess> {
    const started = await startProcess({ ...program, logFile: this.folder.log(program.name) });
    this.#services.push(started);
    return started;
  }

  /**
   * The process of a service that was started.
   *
   * @throws Error when there is none of that name
   */
  pidOf(name: string): number {
    const service = this.#services.findLast((one) => one.name === name);
    if (!service) throw new Error(`no service called ${name} was started`);
    return service.pid;
  }

  /**
   * Stops every service that was started; never rejects. They are asked together, so that one which
   * hangs takes no time from the others.
   */
  async stop(): Promise<void> {
    await Promise.all(this.#services.splice(0).map((service) => service.stop()));
    for (const port of this.#ports.splice(0)) PROMISED.delete(port);
  }

  #tell(change: Change): void {
    const { service, state } = change;
    const known = this.#troubles.get(service);
    if (state === "up") {
      if (known) this.#troubles.set(service, { ...known, until: Date.now() });
    } else {
      const since = known && known.until === undefined ? known.since : Date.now();
      const why = change.why.split("\n", 1)[0]!;
      this.#troubles.set(service, { part: service, since, why });
    }
    this.say(inWords(change, this.folder.log(service)));
    // Whole or not at all: the live page reads it meanwhile.
    const partial = `${this.troublesFile}.partial`;
    writeFileSync(partial, JSON.stringify([...this.#troubles.values()]));
    renameSync(partial, this.troublesFile);
  }
}

function inWords(change: Change, log: string): string {
  const { service } = change;
  switch (change.state) {
    case "down":
      return `${service} ended unexpectedly (${change.why}) and is started again. Its log is ${log}`;
    case "failed":
      return `${change.why}\nThe next try is in ${seconds(change.pauseMs)}.`;
    case "up":
      return `${service} is back after ${seconds(change.afterMs)}.`;
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
