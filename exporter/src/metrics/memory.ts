import { freemem, totalmem } from "node:os";
import { Gauge, type Registry } from "./prometheus.ts";

/** Where the parts of the memory come from, in bytes, read at each scrape. */
export interface MemorySources {
  /** The models in this process. */
  readonly model: () => number;
  /** The chat model's own process. */
  readonly chat: () => Promise<number>;
  readonly cache: () => Promise<number>;
}

/** `headroom_memory_used_bytes` and `headroom_memory_capacity_bytes`. */
export function memoryMetrics(
  registry: Registry,
  capacityBytes: number,
  sources: MemorySources,
): void {
  new Gauge({
    name: "headroom_memory_used_bytes",
    help:
      "Memory in use: process is resident, that of the chat model's process (chat) included; " +
      "system leaves out what the kernel can reclaim.",
    labelNames: ["scope"],
    registers: [registry],
    async collect() {
      const chat = await sources.chat();
      this.set({ scope: "process" }, process.memoryUsage.rss() + chat);
      this.set({ scope: "chat" }, chat);
      this.set({ scope: "system" }, totalmem() - freemem());
      this.set({ scope: "model" }, sources.model() + chat);
      this.set({ scope: "cache" }, await sources.cache());
    },
  });
  new Gauge({
    name: "headroom_memory_capacity_bytes",
    help: "Memory of the machine that the memory limits are fractions of.",
    registers: [registry],
  }).set(capacityBytes);
}
