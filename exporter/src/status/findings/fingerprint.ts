import type { Finding, FindingKind, FindingValue } from "./finding.ts";

/**
 * How far a value may move without making a sentence about it untrue. `by` is a step in the value's
 * own unit; `factor` is a step between sizes, where all below `from` are the same.
 */
type Step = { readonly by: number } | { readonly factor: number; readonly from: number };

/**
 * The step of each value that is told apart; the others follow from these or are of the moment. An
 * idle machine's processors wobble by 10 % and its load by a few tenths; rates jump by factors.
 */
const STEPS: Readonly<Record<FindingKind, Readonly<Record<string, Step>>>> = {
  cpu: { usage: { by: 0.25 } },
  load: { per_core: { by: 0.5 } },
  "container-memory": { used_share: { by: 0.05 } },
  memory: { used_share: { by: 0.05 } },
  "memory-pressure": { level: { by: 1 } },
  // Where its size is not fixed there is no share.
  swap: { used_share: { by: 0.1 }, held: { factor: 1.5, from: 1e6 } },
  disk: { used_share: { by: 0.01 } },
  interface: {
    received: { factor: 10, from: 10_000 },
    sent: { factor: 10, from: 10_000 },
  },
  "process-count": { count: { factor: 1.5, from: 1 } },
  "process-cpu": {},
  "process-memory": { memory: { factor: 1.5, from: 1e6 } },
  uptime: { uptime: { by: 86_400 } },
  battery: { charge: { by: 0.05 }, charge_while_charging: { by: 0.05 } },
};

/**
 * A text that stays the same while the machine does, for the keys of cached answers. Kinds, subjects
 * and severities are in it as they are and values by their {@link STEPS}; a change of a severity
 * always changes it. Which programs use the processor changes from second to second: they are left
 * out unless one is in trouble. The findings' order does not matter.
 */
export function fingerprintOf(findings: readonly Finding[]): string {
  return findings
    .filter(({ kind, severity }) => kind !== "process-cpu" || severity !== "ok")
    .map(({ kind, subject, severity, values }) =>
      JSON.stringify([kind, subject, severity, ...values.flatMap((value) => step(kind, value))]),
    )
    .sort()
    .join("\n");
}

function step(kind: FindingKind, { name, value }: FindingValue): readonly (string | number)[] {
  const step = STEPS[kind][name];
  if (!step) return [];
  if ("by" in step) return [name, Math.floor(value / step.by)];
  const sizes = Math.log(value / step.from) / Math.log(step.factor);
  return [name, value < step.from ? -1 : Math.floor(sizes)];
}
