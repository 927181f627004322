import { setTimeout as sleep } from "node:timers/promises";
import { readSnapshot, type Snapshot } from "../report/snapshot.ts";
import type { ExporterClient } from "./exporter-client.ts";

/** Reads the exporter's metrics once a second until it is stopped. */
export interface Sampler {
  /** All readings so far, in order. */
  readonly snapshots: readonly Snapshot[];
  /** Readings that failed. */
  readonly missed: number;
  /** Whether the last reading succeeded. */
  readonly answers: boolean;
  /** Takes a last reading, if the exporter still answers, and ends. */
  stop(): Promise<void>;
}

const PERIOD_MS = 1_000;

/**
 * Starts reading.
 *
 * @param first - the reading from before the load
 * @param attribution - the method of the profile's messages; undefined when it sends none
 * @param onReading - called after each reading that was tried, in order, with the seconds since the start
 */
export function startSampler(
  client: ExporterClient,
  first: Snapshot,
  attribution: string | undefined,
  onReading: (snapshots: readonly Snapshot[], atSeconds: number) => void,
): Sampler {
  const snapshots = [first];
  const started = performance.now();
  const secondsNow = (): number => (performance.now() - started) / 1_000;
  const stopped = new AbortController();
  let missed = 0;
  let answers = true;

  const read = async () => {
    try {
      const samples = await client.metrics();
      snapshots.push(readSnapshot(samples, secondsNow(), attribution));
      answers = true;
    } catch {
      answers = false;
      missed += 1;
    }
  };
  const loop = async () => {
    for (let turn = 1; !stopped.signal.aborted; turn += 1) {
      const wait = Math.max(0, started + turn * PERIOD_MS - performance.now());
      const woken = await sleep(wait, true, { signal: stopped.signal }).catch(() => false);
      if (!woken) return;
      await read();
      onReading(snapshots, secondsNow());
    }
  };
  const running = loop();
  return {
    snapshots,
    get missed() {
      return missed;
    },
    get answers() {
      return answers;
    },
    async stop() {
      stopped.abort();
      await running;
      await read();
      // What was late under load may be in time after it; what is gone is gone.
      if (!answers) await read();
    },
  };
}
