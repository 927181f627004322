import { OPERATION_LIMITS } from "../limits.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import type { Work } from "../rules/measures.ts";
import type { RuleOptions } from "../rules/options.ts";
import {
  type AlertCase,
  BUSY,
  exporterUp,
  moments,
  phases,
  requestsOf,
  silence,
  type Story,
  windowed,
  WORK_LABELS,
} from "./case.ts";
import type { Series } from "./timeline.ts";
import { counter, INSTANCE, STEP_SECONDS } from "./timeline.ts";

const ALERT = "HeadroomSaturated";

/** Refused requests, of each kind of work. */
export function saturationCases(options: RuleOptions): AlertCase[] {
  return (Object.keys(WORK_LABELS) as Work[]).flatMap((work) => casesOf(options, work));
}

function casesOf(options: RuleOptions, work: Work): AlertCase[] {
  const when = windowed(options, "warning");
  const atLimit = Math.round(BUSY * OPERATION_LIMITS.refusals.upper);
  const few = ((EVIDENCE.requests - 1) * STEP_SECONDS) / options.pace.windowSeconds;
  const requests = (of: Work, outcome: string, grows: Story<number>): Series =>
    counter(requestsOf(of, outcome), phases(grows, when));
  const others = (Object.keys(WORK_LABELS) as Work[]).filter((other) => other !== work);
  const busyElsewhere = others.map((other) =>
    requests(other, "ok", { allowed: BUSY, broken: BUSY }),
  );
  const steady = (title: string, what: string, refused: number): AlertCase => ({
    alert: ALERT,
    title,
    series: [
      exporterUp(when),
      requests(work, "refused", { allowed: refused, broken: refused }),
      requests(work, "ok", { allowed: 0, broken: 0 }),
    ],
    moments: silence(when, what),
  });
  return [
    {
      alert: ALERT,
      title: `follows the share of refused ${work} requests over the limit and back`,
      series: [
        exporterUp(when),
        ...busyElsewhere,
        requests(work, "refused", { allowed: atLimit - 1, broken: atLimit }),
        requests(work, "ok", { allowed: BUSY - atLimit + 1, broken: BUSY - atLimit }),
      ],
      // Errors say that requests were not answered, and this alert says why.
      moments: moments(when, [
        { alert: ALERT, labels: { work } },
        ...(work === "status" ? [] : [{ alert: "HeadroomErrorRateHigh", labels: { work } }]),
      ]),
      prints: {
        "{{ $labels.instance }}": INSTANCE,
        "{{ $labels.work }}": work,
        "{{ $value | humanizePercentage }}": `${(100 * atLimit) / BUSY}%`,
      },
    },
    steady(`does not fire without ${work} requests`, "no request", 0),
    steady(
      `does not fire on few ${work} requests`,
      "every request is refused, but few are made",
      few,
    ),
    {
      alert: ALERT,
      title: `does not fire before the first ${work} request`,
      series: [exporterUp(when), ...busyElsewhere],
      moments: silence(when, "no series"),
    },
  ];
}
