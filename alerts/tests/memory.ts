import type { MemoryCapacities, MemoryScope, Severity } from "../limits.ts";
import { limit, limitsWithin } from "../limits.ts";
import type { RuleOptions } from "../rules/options.ts";
import {
  type AlertCase,
  exporterUp,
  type Firing,
  moments,
  phases,
  schedule,
  type Schedule,
  silence,
} from "./case.ts";
import type { Series } from "./timeline.ts";
import { gauge, INSTANCE, series } from "./timeline.ts";

/** Machines of all sizes, by what they have, in bytes; a "GB" of a machine is 2^30 bytes. */
const MACHINES: readonly (readonly [string, MemoryScope, MemoryCapacities])[] = [
  ["a Mac with 16 GB", "system", { system: 16 * 2 ** 30, process: 16 * 2 ** 30 }],
  [
    "a container of 4 GB on a host with 64 GB",
    "container",
    { system: 64 * 2 ** 30, container: 4 * 2 ** 30, process: 4 * 2 ** 30 },
  ],
  ["a process in that container", "process", { system: 64 * 2 ** 30, process: 4 * 2 ** 30 }],
  ["a graphics processor with 8 GB", "device", { system: 64 * 2 ** 30, device: 8 * 2 ** 30 }],
  ["the reference machine, a Mac with 48 GB", "system", { system: 48 * 2 ** 30 }],
  ["a machine with 192 GB", "system", { system: 192 * 2 ** 30 }],
];

/** Memory by scope, one byte beside the limit that the scope's own capacity and the bytes allow. */
export function memoryCases(options: RuleOptions): AlertCase[] {
  return MACHINES.flatMap(([machine, scope, capacities]) => [
    reaches(options, "warning", machine, scope, capacities),
    reaches(options, "critical", machine, scope, capacities),
  ]).concat(withoutCapacity(options), onePeak(options));
}

const ALERTS = { warning: "HeadroomMemoryHigh", critical: "HeadroomMemoryCritical" } as const;

function reaches(
  options: RuleOptions,
  severity: Severity,
  machine: string,
  scope: MemoryScope,
  capacities: MemoryCapacities,
): AlertCase {
  const alert = ALERTS[severity];
  const bytes = Math.ceil(upper(options, severity, scope, capacities));
  const when = memorySchedule(options, severity);
  const always = severity === "critical" ? [{ alert: ALERTS.warning, labels: { scope } }] : [];
  return {
    alert,
    title: `follows the memory of ${machine} over the limit and back`,
    series: [
      exporterUp(when),
      ...(Object.entries(capacities) as [MemoryScope, number][]).map(([own, capacity]) =>
        steady("headroom_memory_capacity_bytes", own, capacity, when),
      ),
      gauge(used(scope), phases({ allowed: bytes - 1, broken: bytes }, when)),
    ],
    moments: moments(when, [{ alert, labels: { scope } }], always satisfies Firing[]),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      "{{ $labels.scope }}": scope,
      "{{ $value | humanizePercentage }}": "100%",
    },
  };
}

/** Parts of the exporter's memory, and a container without a limit, have no capacity. */
function withoutCapacity(options: RuleOptions): AlertCase {
  const when = memorySchedule(options, "critical");
  return {
    alert: ALERTS.critical,
    title: "does not fire for what has no capacity of its own",
    series: [
      exporterUp(when),
      steady("headroom_memory_capacity_bytes", "process", 1e12, when),
      ...["model", "chat", "cache", "container"].map((scope) =>
        steady("headroom_memory_used_bytes", scope, 1e12, when),
      ),
    ],
    moments: silence(when, "parts as large as the process may be"),
  };
}

function onePeak(options: RuleOptions): AlertCase {
  const when = memorySchedule(options, "critical");
  const capacities = { process: 16 * 2 ** 30 };
  const bytes = Math.ceil(upper(options, "critical", "process", capacities));
  const { patienceSeconds } = options.pace;
  return {
    alert: ALERTS.critical,
    title: "does not fire for a peak that is shorter than the patience",
    series: [
      exporterUp(when),
      steady("headroom_memory_capacity_bytes", "process", capacities.process, when),
      gauge(used("process"), [
        { value: 1, seconds: when.partSeconds },
        { value: bytes, seconds: patienceSeconds.critical },
        { value: 1, seconds: when.partSeconds },
      ]),
    ],
    moments: [
      {
        atSeconds: when.partSeconds + patienceSeconds.critical,
        what: "after the peak",
        firing: [],
      },
    ],
  };
}

const used = (scope: string): string => series("headroom_memory_used_bytes", { scope });

function steady(metric: string, scope: string, value: number, when: Schedule): Series {
  return gauge(series(metric, { scope }), [{ value, seconds: 3 * when.partSeconds }]);
}

function upper(
  { limits }: RuleOptions,
  severity: Severity,
  scope: MemoryScope,
  capacities: MemoryCapacities,
): number {
  const own = limitsWithin(capacities, limits).filter((l) => l.scope === scope);
  const found = limit("memory", severity, own);
  if (found.bound !== "upper") throw new TypeError("memory has an upper limit");
  return found.upper;
}

function memorySchedule({ pace }: RuleOptions, severity: Severity): Schedule {
  return schedule(pace, pace.patienceSeconds[severity], "now");
}
