import type { Readers } from "../snapshot/reader.ts";

/** Readers that answer at once; tests replace those that they are about. */
export const PROMPT_READERS: Readers = {
  cpu: async () => ({ cores: 2, usage: 0.5, loadAverage1m: 1 }),
  memory: async () => ({
    totalBytes: 24e9,
    usedBytes: 10e9,
  }),
  disks: async () => [{ mount: "/", totalBytes: 100e9, usedBytes: 40e9 }],
  network: async () => [],
  processes: async () => ({ count: 1, topByCpu: [], topByMemory: [] }),
  uptime: async () => ({ seconds: 60 }),
  battery: async () => undefined,
};

/** A reader that never ends, and how often it was started. */
export class HangingReader {
  started = 0;

  readonly read = async (): Promise<never> => {
    this.started += 1;
    return new Promise<never>(() => {});
  };
}
