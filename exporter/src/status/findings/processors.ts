import type { CpuState } from "../snapshot/snapshot.ts";
import type { Finding } from "./finding.ts";
import { judge } from "./judge.ts";
import { canBeStated, stateFinding } from "./state-finding.ts";

/** How busy the processors are, and how many threads want one. */
export function processorFindings({ usage, cores, loadAverage1m }: CpuState): readonly Finding[] {
  const findings: Finding[] = [];
  if (canBeStated(usage)) {
    findings.push(
      stateFinding({
        kind: "cpu",
        values: [{ name: "usage", value: usage, unit: "ratio" }],
        judgement: judge("machine_cpu", usage),
        words: {
          en: (share) => `The CPU is ${share} busy`,
          ja: (share) => `CPU使用率は${share}`,
        },
      }),
    );
  }
  const perCore = loadAverage1m / cores;
  if (canBeStated(perCore, loadAverage1m, cores)) {
    const unit = cores === 1 ? "core" : "cores";
    findings.push(
      stateFinding({
        kind: "load",
        values: [
          { name: "per_core", value: perCore, unit: "count" },
          { name: "load", value: loadAverage1m, unit: "count" },
          { name: "cores", value: cores, unit: "count" },
        ],
        judgement: judge("machine_load", perCore),
        words: {
          en: (each, load, all) =>
            `The load average is ${each} per core (${load} on ${all} ${unit})`,
          ja: (each, load, all) => `ロードアベレージはコアあたり${each}(${all}コアで${load})`,
        },
      }),
    );
  }
  return findings;
}
