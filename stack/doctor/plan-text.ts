import type { Plan, Planned } from "@headroom/exporter/hardware/plan";

const TITLES: Readonly<Record<keyof Omit<Plan, "memoryBytes">, string>> = {
  gpuLayers: "GPU layers",
  threads: "threads",
  contextSize: "context, tokens",
  batchSize: "batch, tokens",
  sequences: "side by side",
  mmap: "map the file",
  mlock: "lock in memory",
  ropeScale: "rope scaling",
};

/** A plan as rows of setting, value, origin and reason, the first one the head. */
export function planRows(plan: Plan): readonly (readonly string[])[] {
  const names = Object.keys(TITLES) as (keyof typeof TITLES)[];
  return [
    ["setting", "value", "from", "why"],
    ...names.map((name) => {
      const { value, source, why } = plan[name] as Planned<number | boolean>;
      return [TITLES[name], valueText(name, value), source, why];
    }),
  ];
}

function valueText(name: keyof typeof TITLES, value: number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return name === "gpuLayers" && value === -1 ? "all" : String(value);
}
