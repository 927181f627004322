import { keyValues } from "../key-values.ts";

/** One logical processor in /proc/cpuinfo. */
export interface Processor {
  readonly id: number;
  /** Equal for the hyperthreads of one core. */
  readonly core: string;
}

/** The logical processors in /proc/cpuinfo; on ARM each is a core of its own. */
export function processors(cpuinfo: string): readonly Processor[] {
  return cpuinfo
    .split(/\n\s*\n/)
    .map(keyValues)
    .flatMap((block) => {
      const id = Number(block.get("processor"));
      if (block.get("processor") === undefined || !Number.isInteger(id)) return [];
      const core = block.get("core id");
      return [{ id, core: core === undefined ? `${id}` : `${block.get("physical id")}/${core}` }];
    });
}

/** How many cores the given logical processors are. */
export function coresOf(all: readonly Processor[], ids?: ReadonlySet<number>): number {
  return new Set(all.filter(({ id }) => ids?.has(id) ?? true).map(({ core }) => core)).size;
}
