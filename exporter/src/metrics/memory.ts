import type { MemoryByScope } from "../hardware/memory/memory-reader.ts";
import { readGauge, type Registry } from "./prometheus.ts";

/** Where memory is read from at each scrape, in bytes. */
export interface MemorySources {
  /** Each scope that this machine has; empty when nothing is known of now. */
  readonly scopes: () => Promise<MemoryByScope>;
  /** The models in this process. */
  readonly model: () => number;
  /** The chat model's own process; undefined when it is not known. */
  readonly chat: () => number | undefined;
  readonly cache: () => Promise<number>;
}

/**
 * `headroom_memory_used_bytes` and `headroom_memory_capacity_bytes`, by scope. A scope that the
 * machine does not have, or that could not be read, has no series.
 */
export function memoryMetrics(registry: Registry, sources: MemorySources): void {
  readGauge(
    registry,
    {
      name: "headroom_memory_used_bytes",
      help:
        "Memory in use without what can be reclaimed: system, container, process (exporter and its " +
        "children, shared pages once), device, upstream (a model server on this machine and its " +
        "children); and of the process its parts model, chat, cache.",
      labels: ["scope"],
    },
    async () => {
      const [scopes, cache] = await Promise.all([sources.scopes(), sources.cache()]);
      const chat = sources.chat();
      const used = {
        ...(chat !== undefined && { chat, model: sources.model() + chat }),
        cache,
      };
      return [
        ...Object.entries(scopes).map(([scope, { usedBytes }]) => [{ scope }, usedBytes] as const),
        ...Object.entries(used).map(([scope, bytes]) => [{ scope }, bytes] as const),
      ];
    },
  );
  readGauge(
    registry,
    {
      name: "headroom_memory_capacity_bytes",
      help:
        "Memory that there is: of the machine (system), the container with the smallest limit, the " +
        "smaller of both (process), a graphics processor with memory of its own (device), and of the " +
        "machine again for a model server on it (upstream).",
      labels: ["scope"],
    },
    async () =>
      Object.entries(await sources.scopes()).map(([scope, { capacityBytes }]) => [
        { scope },
        capacityBytes,
      ]),
  );
}
