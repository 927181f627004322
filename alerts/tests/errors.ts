import type { Severity } from "../limits.ts";
import { ERROR_OUTCOMES, EXCLUDED_OUTCOMES, limit, OPERATION_LIMITS } from "../limits.ts";
import type { RuleOptions } from "../rules/options.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import {
  type AlertCase,
  BUSY,
  exporterUp,
  type Firing,
  type Moment,
  moments,
  phases,
  requestsOf,
  type Schedule,
  silence,
  windowed,
} from "./case.ts";
import { counter, INSTANCE, STEP_SECONDS } from "./timeline.ts";

const ALERTS = {
  warning: "HeadroomErrorRateHigh",
  critical: "HeadroomErrorRateCritical",
} as const;

/** The kinds of work whose errors alert. */
type Work = "sentiment" | "chat";

/** What well-meant requests did not get, as a share of all of them. */
export function errorCases(options: RuleOptions): AlertCase[] {
  return (["warning", "critical"] as const).flatMap((severity) =>
    (["sentiment", "chat"] as const).flatMap((work) => casesOf(options, severity, work)),
  );
}

function casesOf(options: RuleOptions, severity: Severity, work: Work): AlertCase[] {
  const allowed = limit("error_ratio", severity, options.limits);
  if (allowed.bound !== "upper") throw new TypeError("errors have an upper limit");
  const alert = ALERTS[severity];
  const atLimit = Math.round(BUSY * allowed.upper);
  const when = windowed(options, severity);
  const steady = (title: string, what: string, counts: Record<string, number>): AlertCase => ({
    alert,
    title: `${title} (${work})`,
    series: [exporterUp(when), ...outcomes(work, counts, when)],
    moments: silence(when, what),
  });
  const perWindow = options.pace.windowSeconds / STEP_SECONDS;
  const excluded = Object.fromEntries(EXCLUDED_OUTCOMES.map((outcome) => [outcome, BUSY]));
  return [
    ...ERROR_OUTCOMES.map((outcome) =>
      followsRatio(options, severity, work, outcome, atLimit, when),
    ),
    steady("does not count what the client caused", "only other outcomes", {
      ok: BUSY,
      ...excluded,
    }),
    steady("has no ratio where nobody meant well", "nothing is answered, and rightly", {
      ok: 0,
      server_error: 0,
      ...excluded,
    }),
    steady("does not fire without traffic", "no request", { ok: 0, server_error: 0 }),
    steady("does not fire before the first request", "no series", {}),
    steady("does not fire on too little evidence", "every request fails, but few are made", {
      ok: 0,
      server_error: (EVIDENCE.requests - 1) / perWindow,
    }),
    oneBurst(options, alert, work, when),
  ];
}

function followsRatio(
  options: RuleOptions,
  severity: Severity,
  work: Work,
  outcome: string,
  atLimit: number,
  when: Schedule,
): AlertCase {
  const alert = ALERTS[severity];
  const failing = { allowed: atLimit - 1, broken: atLimit };
  // Refusals have an alert beside this one, which says why.
  const saturated: Firing[] =
    outcome === "refused" && atLimit / BUSY >= OPERATION_LIMITS.refusals.upper
      ? [{ alert: "HeadroomSaturated", labels: { work } }]
      : [];
  const firing = { alert, labels: { work } };
  const isCritical = severity === "critical";
  return {
    alert,
    title: `follows the share of ${outcome} over the limit and back (${work})`,
    series: [
      exporterUp(when),
      counter(requestsOf(work, outcome), phases(failing, when)),
      counter(
        requestsOf(work, "ok"),
        phases({ allowed: BUSY - failing.allowed, broken: BUSY - failing.broken }, when),
      ),
      // As many again that count neither as failed nor as answered.
      counter(requestsOf(work, "client_error"), phases({ allowed: BUSY, broken: BUSY }, when)),
    ],
    moments: isCritical
      ? moments(when, [firing], [{ alert: ALERTS.warning, labels: { work } }, ...saturated])
      : moments(when, [firing, ...saturated]),
    prints: {
      "{{ $labels.work }}": work,
      "{{ $labels.instance }}": INSTANCE,
      "{{ $value | humanizePercentage }}": `${(100 * atLimit) / BUSY}%`,
    },
  };
}

function oneBurst({ pace }: RuleOptions, alert: string, work: Work, when: Schedule): AlertCase {
  const quiet = { seconds: when.partSeconds, value: BUSY };
  const burst = { seconds: STEP_SECONDS, value: 0 };
  const failed = [
    { seconds: when.partSeconds, value: 0 },
    { seconds: STEP_SECONDS, value: BUSY },
    { seconds: when.partSeconds, value: 0 },
  ];
  const after: Moment[] = [];
  for (let s = 0; s <= 2 * pace.windowSeconds; s += 2 * STEP_SECONDS) {
    after.push({ atSeconds: when.partSeconds + s, what: `${s} s after the burst`, firing: [] });
  }
  return {
    alert,
    title: `does not fire for one burst, however bad (${work})`,
    series: [
      exporterUp(when),
      counter(requestsOf(work, "server_error"), failed),
      counter(requestsOf(work, "ok"), [quiet, burst, quiet]),
    ],
    moments: after,
  };
}

function outcomes(work: Work, counts: Readonly<Record<string, number>>, when: Schedule) {
  return Object.entries(counts).map(([outcome, value]) =>
    counter(requestsOf(work, outcome), phases({ allowed: value, broken: value }, when)),
  );
}
