import { setTimeout as sleep } from "node:timers/promises";
import { type Limit, limitsWithin, type MemoryCapacities } from "@headroom/alerts/limits";
import { parseMetrics, type Sample } from "../report/prometheus-text.ts";
import { readSnapshot, type Snapshot } from "../report/snapshot.ts";

/** A busy exporter may answer late; a reading that takes longer is worth nothing for its second. */
const TIMEOUT_MS = 5_000;

/** What a load run asks the exporter besides the load itself. */
export type ExporterClient = ReturnType<typeof exporterClient>;

/** Talks to the exporter at `target`, with `token` when it wants one. */
export function exporterClient(target: string, token?: string) {
  const get = async (path: string, accept: string): Promise<string> => {
    const response = await fetch(`${target}${path}`, {
      headers: { accept, ...(token && { authorization: `Bearer ${token}` }) },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return body;
  };
  return {
    /** @throws Error when the exporter does not answer, or not with 200 */
    async ready(): Promise<void> {
      await get("/readyz", "application/json");
    },

    /** @throws Error when the exporter does not answer, or SyntaxError when the page is malformed */
    async metrics(): Promise<Sample[]> {
      return parseMetrics(await get("/metrics", "text/plain;version=0.0.4"));
    },

    /** The limits that the exporter publishes for its machine; by its capacities when it has none. */
    async limits(capacities: MemoryCapacities): Promise<readonly Limit[]> {
      try {
        const { limits } = JSON.parse(await get("/v1/limits", "application/json"));
        if (Array.isArray(limits) && limits.length > 0) return limits as Limit[];
      } catch {
        // An exporter without the route still has the limits of its memory.
      }
      return limitsWithin(capacities);
    },
  };
}

/** Reads the exporter's metrics once a second until it is stopped. */
export interface Sampler {
  /** All readings so far, in order. */
  readonly snapshots: readonly Snapshot[];
  /** Readings that failed. */
  missed: number;
  /** Whether the last reading succeeded. */
  answers: boolean;
  /** Takes a last reading, if the exporter still answers, and ends. */
  readonly stop: () => Promise<void>;
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
  const sampler: Sampler = { snapshots, missed: 0, answers: true, stop };

  async function read() {
    try {
      const samples = await client.metrics();
      snapshots.push(readSnapshot(samples, secondsNow(), attribution));
      sampler.answers = true;
    } catch {
      sampler.answers = false;
      sampler.missed += 1;
    }
  }
  async function readAgainAndAgain() {
    for (let turn = 1; !stopped.signal.aborted; turn += 1) {
      const wait = Math.max(0, started + turn * PERIOD_MS - performance.now());
      const woken = await sleep(wait, true, { signal: stopped.signal }).catch(() => false);
      if (!woken) return;
      await read();
      onReading(snapshots, secondsNow());
    }
  }
  const running = readAgainAndAgain();
  async function stop() {
    stopped.abort();
    await running;
    await read();
    // What was late under load may be in time after it; what is gone is gone.
    if (!sampler.answers) await read();
  }
  return sampler;
}
