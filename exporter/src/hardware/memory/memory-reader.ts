import type { MemoryCapacities } from "@headroom/alerts/limits";
import type { TypeOf } from "../../type-of.ts";
import { type Fact, type MEMORY_BY_SCOPE, type MemoryUse, valueOf } from "../facts.ts";
import type { HardwareSources } from "../sources.ts";
import { ceiling, type MachineMemory, readMachineMemory } from "./machine-memory.ts";
import { readProcessMemory, type ProcessMemory } from "./process-memory.ts";

/** Memory of one moment. */
export interface MemoryReading {
  readonly machine: MachineMemory;
  readonly processes: ProcessMemory;
}

/** What memory is read of. */
export interface MemoryReaderOptions {
  readonly sources: HardwareSources;
  /** This process first, then its children; asked anew for each reading. */
  readonly pids: () => readonly number[];
  /** Told why a reading failed, once until one succeeds again. */
  readonly onFailure: (error: Error) => void;
}

/**
 * Seconds between two readings. Walking the page tables of a process of 500 MB takes 7 ms on Linux,
 * too long for a scrape; and on macOS several programs are started for it.
 */
const PERIOD_SECONDS = { linux: 1, other: 5 } as const;

/** After so many periods without a new one, the last reading says nothing about now. */
const STALE_PERIODS = 5;

/**
 * Reads the memory of the machine and of this process' own ones again and again, beside the event
 * loop, so that whoever asks has an answer at once.
 */
export class MemoryReader {
  readonly #options: MemoryReaderOptions;
  readonly #periodMs: number;
  readonly #timer: NodeJS.Timeout;
  #latest: { readonly reading: MemoryReading; readonly at: number };
  #running = false;
  #failed = false;

  private constructor(options: MemoryReaderOptions, first: MemoryReading) {
    this.#options = options;
    this.#latest = { reading: first, at: performance.now() };
    const { linux, other } = PERIOD_SECONDS;
    this.#periodMs = 1000 * (options.sources.platform === "linux" ? linux : other);
    this.#timer = setInterval(() => void this.#read(), this.#periodMs);
    this.#timer.unref();
  }

  /** Makes the first reading, and goes on. */
  static async open(options: MemoryReaderOptions): Promise<MemoryReader> {
    return new MemoryReader(options, await take(options));
  }

  /** The newest reading; undefined when none could be made for a while. */
  get latest(): MemoryReading | undefined {
    const { reading, at } = this.#latest;
    return performance.now() - at <= STALE_PERIODS * this.#periodMs ? reading : undefined;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    // A reading that hangs is not started again beside itself.
    if (this.#running) return;
    this.#running = true;
    try {
      this.#latest = { reading: await take(this.#options), at: performance.now() };
      this.#failed = false;
    } catch (error) {
      // The last reading grows old, and then there is none.
      if (!this.#failed) this.#options.onFailure(error as Error);
      this.#failed = true;
    } finally {
      this.#running = false;
    }
  }
}

async function take({ sources, pids }: MemoryReaderOptions): Promise<MemoryReading> {
  const [machine, processes] = await Promise.all([
    readMachineMemory(sources),
    readProcessMemory(sources, pids()),
  ]);
  return { machine, processes };
}

/** Memory of each scope that there is, with its own capacity. */
export type MemoryByScope = TypeOf<typeof MEMORY_BY_SCOPE>;

/**
 * A reading by scope. In a container the processes have no more than it: file pages that somebody else
 * read first, such as those of the program in another container of the same image, are charged there.
 *
 * @param device - graphics memory that is not the machine's, where the engine uses some
 * @param upstreamBytes - of a model server on this machine, which has all of it
 */
export function byScope(
  { machine, processes }: MemoryReading,
  device?: MemoryUse | undefined,
  upstreamBytes?: number | undefined,
): MemoryByScope {
  const system = valueOf(machine.system);
  const container = valueOf(machine.container);
  const capacityBytes = capacityOf(machine);
  const resident = [...processes.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const usedBytes = Math.min(resident, container?.usedBytes ?? Infinity);
  return {
    ...(system && { system }),
    ...(container && { container }),
    ...(capacityBytes !== undefined && { process: { usedBytes, capacityBytes } }),
    ...(device && { device }),
    ...(system &&
      upstreamBytes !== undefined && {
        upstream: { usedBytes: upstreamBytes, capacityBytes: system.capacityBytes },
      }),
  };
}

/** The capacities of scopes, in bytes. */
export function capacitiesOf(scopes: MemoryByScope): MemoryCapacities {
  return Object.fromEntries(
    Object.entries(scopes).map(([scope, { capacityBytes }]) => [scope, capacityBytes]),
  );
}

function capacityOf(machine: MachineMemory): number | undefined {
  const facts: readonly Fact<unknown>[] = [machine.system, machine.container];
  return facts.every(({ known }) => known) ? ceiling(machine) : undefined;
}
