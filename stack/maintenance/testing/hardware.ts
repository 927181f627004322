import type { HardwareReport } from "@headroom/exporter/hardware/report";

const known = <T>(value: T) => ({ known: true, value }) as const;

/** What an exporter says of a machine with 48 GB, as far as checks read it. */
export const hardware = (change: { gpu?: unknown; translated?: boolean; layers?: number } = {}) =>
  ({
    facts: {
      platform: "linux",
      arch: "x64",
      memoryBytes: known(48e9),
      gpu: known(change.gpu),
      translated: change.translated ?? false,
    },
    plan: { memoryBytes: 1e9, gpuLayers: { value: change.layers ?? 0, why: "no memory" } },
    advice: [{ code: "few_cores", severity: "info", what: "More cores.", why: "", effect: "" }],
    simulated: false,
  }) as unknown as HardwareReport;
