import type { Severity } from "../limits.ts";
import { limit, LONGEST_TOLD_SECONDS } from "../limits.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import type { RuleOptions } from "../rules/options.ts";
import {
  type AlertCase,
  BUSY,
  exporterUp,
  type Firing,
  moments,
  phases,
  type Schedule,
  silence,
  type Story,
  windowed,
} from "./case.ts";
import type { Series } from "./timeline.ts";
import { counter, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

/** The quantile that the limits are about. */
const QUANTILE = 0.95;

/** Request times, P95. */
export function latencyCases(options: RuleOptions): AlertCase[] {
  return [
    ...alertCases(options, "HeadroomLatencyHigh", "warning", []),
    // At the critical limit every request is beyond the warning, which therefore fires as well.
    ...alertCases(options, "HeadroomLatencyCritical", "critical", [
      { alert: "HeadroomLatencyHigh" },
    ]),
  ];
}

function alertCases(
  options: RuleOptions,
  alert: string,
  severity: Severity,
  always: readonly Firing[],
): AlertCase[] {
  const when = windowed(options, severity);
  const seconds = upper(options, severity);
  const silent = (title: string, what: string, input: readonly Series[]): AlertCase => ({
    alert,
    title,
    series: [exporterUp(when), ...input],
    moments: silence(when, what),
  });
  const few = ((EVIDENCE.requests - 1) * STEP_SECONDS) / options.pace.windowSeconds;
  const fast = BUSY * QUANTILE;
  return [
    {
      alert,
      title: "follows the 95th percentile over the limit and back",
      series: [
        exporterUp(when),
        ...histogram(options, severity, BUSY, { allowed: fast + 1, broken: fast }, when),
      ],
      moments: moments(when, [{ alert }], always),
      prints: {
        "{{ $labels.instance }}": INSTANCE,
        [MORE_THAN]: "",
        "{{ $value | humanizeDuration }}": seconds < 1 ? `${seconds * 1000}ms` : `${seconds}s`,
      },
    },
    beyondTheHistogram(alert, when),
    silent(
      "does not fire without traffic",
      "no request",
      histogram(options, severity, 0, { allowed: 0, broken: 0 }, when),
    ),
    silent("does not fire before the first request", "no series", []),
    silent(
      "does not fire on too little evidence",
      "every request is slow, but few are made",
      histogram(options, severity, few, { allowed: 0, broken: 0 }, when),
    ),
  ];
}

const LONGEST = LONGEST_TOLD_SECONDS.latency;
const MORE_THAN = `{{ if ge $value ${LONGEST.toFixed(1)} }}more than {{ end }}`;

/** Every answer takes longer than the histogram can tell. */
function beyondTheHistogram(alert: string, when: Schedule): AlertCase {
  const total = { allowed: BUSY, broken: BUSY };
  const both = ["HeadroomLatencyHigh", "HeadroomLatencyCritical"];
  return {
    alert,
    title: "says that it is more than the histogram can tell",
    series: [
      exporterUp(when),
      part("bucket", { le: String(LONGEST) }, { allowed: 0, broken: 0 }, when),
      part("bucket", { le: "+Inf" }, total, when),
      part("count", {}, total, when),
    ],
    moments: silence(
      when,
      "every answer is later than the last edge",
      both.map((name) => ({ alert: name })),
    ),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      [MORE_THAN]: "more than ",
      "{{ $value | humanizeDuration }}": `${LONGEST}s`,
    },
  };
}

/** Requests just within the limit, `fast` of them in each step, and the rest beyond it. */
function histogram(
  options: RuleOptions,
  severity: Severity,
  all: number,
  fast: Story<number>,
  when: Schedule,
): Series[] {
  const edge = upper(options, severity);
  const [warning, critical] = [upper(options, "warning"), upper(options, "critical")];
  const edges = [warning / 2, warning, critical, critical * 2];
  const total = { allowed: all, broken: all };
  const upTo = (le: number): Story<number> => {
    if (le < edge) return { allowed: 0, broken: 0 };
    return le === edge ? fast : total;
  };
  return [
    ...edges.map((le) => part("bucket", { le: String(le) }, upTo(le), when)),
    part("bucket", { le: "+Inf" }, total, when),
    part("count", {}, total, when),
  ];
}

function part(
  name: string,
  labels: Readonly<Record<string, string>>,
  grows: Story<number>,
  when: Schedule,
): Series {
  return counter(
    series(`sentiment_request_duration_seconds_${name}`, { attribution: "prefix", ...labels }),
    phases(grows, when),
  );
}

function upper(options: RuleOptions, severity: Severity): number {
  const found = limit("latency_p95", severity, options.limits);
  if (found.bound !== "upper") throw new TypeError("latency has an upper limit");
  return found.upper;
}
