import { OPERATION_LIMITS } from "../limits.ts";
import type { RuleOptions } from "../rules/options.ts";
import { RESTART_WINDOWS } from "../rules/pace.ts";
import {
  type AlertCase,
  exporterUp,
  type Firing,
  moments,
  phases,
  type Schedule,
  silence,
  windowed,
} from "./case.ts";
import type { Phase, Series } from "./timeline.ts";
import { gauge, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

const ALERT = "HeadroomModelUnavailable";
const TASKS = ["sentiment", "status"] as const;

const ready = (task: string, story: readonly Phase[]): Series =>
  gauge(series("headroom_model_ready", { task }), story);

const firing = (task: string): Firing => ({ alert: ALERT, labels: { task } });

/** Models that answer, or do not. */
export function modelCases(options: RuleOptions): AlertCase[] {
  const when = windowed(options, "critical");
  return [
    ...TASKS.map((task) => followed(task, when)),
    atTheLimit(when),
    crashingAgainAndAgain(when),
    {
      alert: ALERT,
      title: "does not fire while a model is loaded within the window",
      series: [
        exporterUp(when),
        ready("status", [
          { value: 0, seconds: options.pace.windowSeconds },
          { value: 1, seconds: 2 * when.partSeconds },
        ]),
      ],
      moments: [when.waiting - when.partSeconds, when.firing - when.partSeconds].map(
        (atSeconds) => ({ atSeconds, what: "loaded in time", firing: [] }),
      ),
    },
    ...restartCases(options),
    {
      alert: ALERT,
      title: "does not fire for a model that nobody wants",
      series: [exporterUp(when), ready("sentiment", phases({ allowed: 1, broken: 1 }, when))],
      moments: silence(when, "no series for the status model"),
    },
  ];
}

function followed(task: string, when: Schedule): AlertCase {
  const others = TASKS.filter((other) => other !== task);
  return {
    alert: ALERT,
    title: `fires when the ${task} model fails and resolves when it is back`,
    series: [
      exporterUp(when),
      ...others.map((other) => ready(other, phases({ allowed: 1, broken: 1 }, when))),
      ready(task, phases({ allowed: 1, broken: 0 }, when)),
    ],
    moments: moments(when, [firing(task)]),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      "{{ $labels.task }}": task,
      "{{ $value | humanizePercentage }}": "0%",
    },
  };
}

/** A mean of many scrapes may lie anywhere, so it is told as it is: just above the limit, and at it. */
function atTheLimit(when: Schedule): AlertCase {
  const { lower } = OPERATION_LIMITS.modelReady;
  return {
    alert: ALERT,
    title: "follows the share of ready time to the limit and back",
    series: [
      exporterUp(when),
      ready("sentiment", phases({ allowed: lower + 0.01, broken: lower }, when)),
    ],
    moments: moments(when, [firing("sentiment")]),
  };
}

/** First it answers two thirds of the time, which is enough, and then one third. */
function crashingAgainAndAgain(when: Schedule): AlertCase {
  const repeated = (...values: readonly number[]): Phase[] =>
    Array.from({ length: when.partSeconds / STEP_SECONDS }, (_, step) => ({
      value: values[step % values.length] ?? 0,
      seconds: STEP_SECONDS,
    }));
  return {
    alert: ALERT,
    title: "fires for a model that crashes again as soon as it is ready",
    series: [
      exporterUp(when),
      ready("status", [
        ...repeated(1, 1, 0),
        ...repeated(1, 0, 0),
        { value: 1, seconds: when.partSeconds },
      ]),
    ],
    moments: moments(when, [firing("status")]),
  };
}

const RESTARTING = "HeadroomModelRestarting";

/** A process with a model ends and is started again, each time within a scrape. */
function restartCases({ pace }: RuleOptions): AlertCase[] {
  const window = RESTART_WINDOWS * pace.windowSeconds;
  const most = OPERATION_LIMITS.modelRestarts.upper;
  const slack = 2 * STEP_SECONDS;
  const restarted = (times: number): Series[] => [
    gauge(series("up"), [{ value: 1, seconds: 4 * window }]),
    gauge(series("headroom_model_restarts_total", { task: "sentiment" }), [
      { value: 0, seconds: window },
      ...Array.from({ length: times }, (_, i) => ({ value: i + 1, seconds: 2 * STEP_SECONDS })),
      { value: times, seconds: 2 * window },
    ]),
  ];
  const last = window + most * 2 * STEP_SECONDS;
  const firesAt = last + pace.patienceSeconds.warning + slack;
  return [
    {
      alert: RESTARTING,
      title: `fires when a model was started again ${most} times, and ends with the window`,
      series: restarted(most),
      moments: [
        { atSeconds: window, what: "it was never started again", firing: [] },
        {
          atSeconds: firesAt,
          what: "started again too often",
          firing: [{ alert: RESTARTING, labels: { task: "sentiment" } }],
        },
        { atSeconds: last + window + slack, what: "it stays up", firing: [] },
      ],
      prints: {
        "{{ $labels.instance }}": INSTANCE,
        "{{ $labels.task }}": "sentiment",
        '{{ $value | printf "%.0f" }}': String(most),
      },
    },
    {
      alert: RESTARTING,
      title: "does not fire for one restart less",
      series: restarted(most - 1),
      moments: [{ atSeconds: firesAt, what: "healed", firing: [] }],
    },
  ];
}
