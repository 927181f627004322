import type { MemoryByScope } from "../hardware/memory/memory-reader.ts";
import { Gauge, type Registry } from "./prometheus.ts";

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
  new Gauge({
    name: "headroom_memory_used_bytes",
    help:
      "Memory in use without what can be reclaimed: system, container, process (exporter and its " +
      "children, shared pages once), device; and of the process its parts model, chat, cache.",
    labelNames: ["scope"],
    registers: [registry],
    async collect() {
      const [scopes, cache] = await Promise.all([sources.scopes(), sources.cache()]);
      const chat = sources.chat();
      this.reset();
      for (const [scope, { usedBytes }] of Object.entries(scopes)) this.set({ scope }, usedBytes);
      if (chat !== undefined) {
        this.set({ scope: "chat" }, chat);
        this.set({ scope: "model" }, sources.model() + chat);
      }
      this.set({ scope: "cache" }, cache);
    },
  });
  new Gauge({
    name: "headroom_memory_capacity_bytes",
    help:
      "Memory that there is: of the machine (system), the container with the smallest limit, the " +
      "smaller of both (process), and a graphics processor with memory of its own (device).",
    labelNames: ["scope"],
    registers: [registry],
    async collect() {
      const scopes = await sources.scopes();
      this.reset();
      for (const [scope, { capacityBytes }] of Object.entries(scopes)) {
        this.set({ scope }, capacityBytes);
      }
    },
  });
}
