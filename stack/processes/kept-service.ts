import { setTimeout as sleep } from "node:timers/promises";
import type { Probe } from "./probes.ts";
import {
  type ProcessSettings,
  type ServiceProcess,
  startProcess,
  waitUntilReady,
} from "./process.ts";

/** A program that serves, and how to see that it is ready. */
export interface Service extends Omit<ProcessSettings, "logFile"> {
  readonly probe: Probe;
  readonly limitSeconds: number;
  /** How long it may answer nothing at all before it counts as hanging; a minute when absent. */
  readonly patienceMs?: number;
}

/** What becomes of a service that was ready once. */
export type Change =
  | { readonly state: "down"; readonly service: string; readonly why: string }
  /** A try to start it again failed; the next one follows after the pause. */
  | { readonly state: "failed"; readonly service: string; readonly why: string; pauseMs: number }
  | { readonly state: "up"; readonly service: string; readonly afterMs: number };

/** The first pause before a restart; each failure doubles it, up to the longest. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A service that ran for so long has recovered, and its next end is a new story. */
const STEADY_MS = 10_000;

const PATIENCE_MS = 60_000;
/** The time is counted in looks, so that a machine that was asleep meanwhile finds nothing hanging. */
const SILENT_LOOKS = 6;

/** What keeping a service needs beside the service. */
interface Keeping {
  readonly logFile: string;
  /** Ends the wait for the first start. */
  readonly signal: AbortSignal;
  /** Called when it goes and when it comes back. */
  tell(change: Change): void;
}

/**
 * A service that is kept running: whenever it ends or hangs it is started again, after a pause that
 * grows, without end, until it is stopped.
 */
export class KeptService {
  readonly #service: Service & { readonly logFile: string };
  readonly #tell: (change: Change) => void;
  readonly #stopping = new AbortController();
  #process: ServiceProcess | undefined;

  private constructor(service: Service, { logFile, tell }: Keeping) {
    this.#service = { ...service, logFile };
    this.#tell = tell;
  }

  /**
   * Starts a service for the first time, and waits until it is ready.
   *
   * @throws Error with the end of its log when it does not become ready; then nothing is kept
   */
  static async start(service: Service, keeping: Keeping): Promise<KeptService> {
    const kept = new KeptService(service, keeping);
    void kept.#keep(await kept.#startReady(keeping.signal));
    return kept;
  }

  get name(): string {
    return this.#service.name;
  }

  /** Of the process that runs now, or ran last. */
  get pid(): number {
    return this.#process!.pid;
  }

  /** Ends it for good. */
  async stop(graceMs?: number): Promise<void> {
    this.#stopping.abort();
    await this.#process!.stop(graceMs);
  }

  /** A process that does not become ready is ended before the error is told. */
  async #startReady(signal: AbortSignal): Promise<ServiceProcess> {
    const { probe, limitSeconds } = this.#service;
    const started = await startProcess(this.#service);
    this.#process = started;
    try {
      await waitUntilReady(started, probe, { limitSeconds, signal });
      return started;
    } catch (error) {
      await started.stop();
      throw error;
    }
  }

  async #keep(first: ServiceProcess): Promise<void> {
    const { name } = this.#service;
    const stopping = this.#stopping.signal;
    let running: ServiceProcess | undefined = first;
    let pauseMs = FIRST_PAUSE_MS;
    let started = performance.now();
    while (running) {
      const why = await Promise.race([running.ended, this.#hangs(running)]);
      if (stopping.aborted) return;
      const down = performance.now();
      if (down - started > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      this.#tell({ state: "down", service: name, why });
      await running.stop(0);
      for (running = undefined; !running;) {
        await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined);
        if (stopping.aborted) return;
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
        running = await this.#startReady(stopping).catch((error: Error) => {
          if (stopping.aborted) return undefined;
          this.#tell({ state: "failed", service: name, why: error.message, pauseMs });
          return undefined;
        });
      }
      if (stopping.aborted) return;
      started = performance.now();
      this.#tell({ state: "up", service: name, afterMs: started - down });
    }
  }

  /** Fulfilled when it runs but does not answer; an answer that it is not ready is one. */
  async #hangs(running: ServiceProcess): Promise<string> {
    const { probe, patienceMs = PATIENCE_MS } = this.#service;
    const signal = this.#stopping.signal;
    const pause = { signal, ref: false };
    for (let silent = 0; running.isRunning() && !signal.aborted;) {
      await sleep(patienceMs / SILENT_LOOKS, undefined, pause).catch(() => undefined);
      silent = await probe().then(
        () => 0,
        () => silent + 1,
      );
      if (silent === SILENT_LOOKS) return `no answer to ${silent} requests in a row`;
    }
    return running.ended;
  }
}
