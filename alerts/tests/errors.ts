import { limit } from "../limits.ts";
import type { RuleOptions } from "../rules/options.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import type { AlertCase, Firing, Moment, Schedule } from "./case.ts";
import { exporterUp, moments, phases, silence } from "./case.ts";
import { counter, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";
import { BUSY, windowed } from "./traffic.ts";

const ALERT = "HeadroomErrorRateHigh";
const requests = (outcome: string): string => series("sentiment_requests_total", { outcome });

/** Failed requests as a share of all. */
export function errorCases(options: RuleOptions): AlertCase[] {
  const allowed = limit("error_ratio", "critical", options.limits);
  if (allowed.bound !== "upper") throw new TypeError("errors have an upper limit");
  const atLimit = Math.round(BUSY * allowed.upper);
  const when = windowed(options, "critical");
  const steady = (
    title: string,
    what: string,
    counts: Record<string, number>,
    others: readonly Firing[] = [],
  ): AlertCase => ({
    alert: ALERT,
    title,
    series: [exporterUp(when), ...outcomes(counts, when)],
    moments: silence(when, what, others),
  });
  const perWindow = options.pace.windowSeconds / STEP_SECONDS;
  return [
    ...["server_error", "deadline"].map((outcome) => followsRatio(outcome, atLimit, when)),
    steady(
      "does not count what the client or overload caused",
      "only other outcomes",
      { ok: BUSY, client_error: BUSY, refused: BUSY, aborted: BUSY },
      // So many refusals have an alert of their own.
      [{ alert: "HeadroomSaturated", labels: { work: "sentiment" } }],
    ),
    steady("does not fire without traffic", "no request", { ok: 0, server_error: 0 }),
    steady("does not fire before the first request", "no series", {}),
    steady("does not fire on too little evidence", "every request fails, but few are made", {
      ok: 0,
      server_error: (EVIDENCE.requests - 1) / perWindow,
    }),
    oneBurst(options, when),
  ];
}

function followsRatio(outcome: string, atLimit: number, when: Schedule): AlertCase {
  const failing = { allowed: atLimit - 1, broken: atLimit };
  return {
    alert: ALERT,
    title: `follows the share of ${outcome} over the limit and back`,
    series: [
      exporterUp(when),
      counter(requests(outcome), phases(failing, when)),
      counter(
        requests("ok"),
        phases({ allowed: BUSY - failing.allowed, broken: BUSY - failing.broken }, when),
      ),
    ],
    moments: moments(when, [{ alert: ALERT }]),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      "{{ $value | humanizePercentage }}": `${(100 * atLimit) / BUSY}%`,
    },
  };
}

function oneBurst({ pace }: RuleOptions, when: Schedule): AlertCase {
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
    alert: ALERT,
    title: "does not fire for one burst, however bad",
    series: [
      exporterUp(when),
      counter(requests("server_error"), failed),
      counter(requests("ok"), [quiet, burst, quiet]),
    ],
    moments: after,
  };
}

function outcomes(counts: Readonly<Record<string, number>>, when: Schedule) {
  return Object.entries(counts).map(([outcome, value]) =>
    counter(requests(outcome), phases({ allowed: value, broken: value }, when)),
  );
}
