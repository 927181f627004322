import type { Limit, Severity } from "../limits.ts";
import { limit } from "../limits.ts";
import type { RuleOptions } from "../rules/options.ts";
import type { AlertCase, Firing, Schedule } from "./case.ts";
import { exporterUp, moments, phases, schedule, silence } from "./case.ts";
import { gauge, INSTANCE, series } from "./timeline.ts";

const used = (scope: string): string => series("headroom_memory_used_bytes", { scope });

/** Memory, by scope: the limit is a number of bytes, so the cases stand one byte beside it. */
export function memoryCases(options: RuleOptions): AlertCase[] {
  return (["process", "system"] as const)
    .flatMap((scope) => [
      reaches(options, "HeadroomMemoryHigh", "warning", scope, []),
      reaches(options, "HeadroomMemoryCritical", "critical", scope, [
        { alert: "HeadroomMemoryHigh", labels: { scope } },
      ]),
    ])
    .concat(otherScopes(options), onePeak(options));
}

function reaches(
  options: RuleOptions,
  alert: string,
  severity: Severity,
  scope: string,
  always: readonly Firing[],
): AlertCase {
  const bytes = upper(options, severity);
  const when = memorySchedule(options, severity);
  const story = phases({ allowed: bytes - 1, broken: bytes }, when);
  return {
    alert,
    title: `follows the memory of the ${scope} over the limit and back`,
    series: [exporterUp(when), gauge(used(scope), story)],
    moments: moments(when, [{ alert, labels: { scope } }], always),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      "{{ $labels.scope }}": scope,
      "{{ $value | humanize }}": `${Number((bytes / 1e9).toPrecision(4))}G`,
    },
  };
}

function otherScopes(options: RuleOptions): AlertCase {
  const when = memorySchedule(options, "critical");
  const bytes = 2 * upper(options, "critical");
  return {
    alert: "HeadroomMemoryCritical",
    title: "does not fire for parts that the process already contains",
    series: [
      exporterUp(when),
      ...["model", "cache"].map((scope) =>
        gauge(used(scope), phases({ allowed: bytes, broken: bytes }, when)),
      ),
    ],
    moments: silence(when, "model and cache beyond the limit"),
  };
}

function onePeak(options: RuleOptions): AlertCase {
  const when = memorySchedule(options, "critical");
  const bytes = upper(options, "critical");
  const { patienceSeconds } = options.pace;
  return {
    alert: "HeadroomMemoryCritical",
    title: "does not fire for a peak that is shorter than the patience",
    series: [
      exporterUp(when),
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

function upper(options: RuleOptions, severity: Severity): number {
  const found: Limit = limit("memory", severity, options.limits);
  if (found.bound !== "upper") throw new TypeError("memory has an upper limit");
  return found.upper;
}

function memorySchedule({ pace }: RuleOptions, severity: Severity): Schedule {
  return schedule(pace, pace.patienceSeconds[severity], "now");
}
