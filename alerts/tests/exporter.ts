import { OPERATION_LIMITS } from "../limits.ts";
import type { RuleOptions } from "../rules/options.ts";
import { duration, RESTART_WINDOWS } from "../rules/pace.ts";
import { type AlertCase, type Moment, schedule, type Schedule } from "./case.ts";
import type { Phase, Series } from "./timeline.ts";
import { gauge, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

const ALERT = "HeadroomExporterDown";

/** The exporter stops answering, or its target is no longer known. */
export function exporterCases(options: RuleOptions): AlertCase[] {
  const hold = options.pace.patienceSeconds.critical;
  const when = schedule(options.pace, hold, "now");
  const part = (value: Phase["value"], seconds = when.partSeconds): Phase => ({ value, seconds });
  const up = (phases: Phase[]) => [gauge(series("up"), phases)];
  return [
    {
      alert: ALERT,
      title: "fires when scrapes fail and resolves when they succeed",
      series: up([part(1), part(0), part(1)]),
      moments: story(when, { instance: INSTANCE }),
      prints: {
        "{{ with $labels.instance }} {{ . }}{{ end }}": ` ${INSTANCE}`,
      },
    },
    {
      alert: ALERT,
      title: "fires when the target is gone and resolves when it is back",
      series: up([part(1), part("gone"), part(1)]),
      // A target that is not there has no instance either.
      moments: story(when, {}),
      prints: { "{{ with $labels.instance }} {{ . }}{{ end }}": "" },
    },
    {
      alert: ALERT,
      title: `does not fire for a restart shorter than ${duration(hold)}`,
      series: up([part(1), part(0, hold), part(1)]),
      moments: [{ atSeconds: when.partSeconds + hold, what: "after the restart", firing: [] }],
    },
    ...restartCases(options),
  ];
}

const RESTARTING = "HeadroomRestarting";

/** The exporter is ended and started again, each time for too short to count as down. */
function restartCases({ pace }: RuleOptions): AlertCase[] {
  const window = RESTART_WINDOWS * pace.windowSeconds;
  const slack = 2 * STEP_SECONDS;
  const least = OPERATION_LIMITS.restarts.upper;
  const life = 2 * STEP_SECONDS;
  const began = (starts: number): Series[] => {
    const lives = Array.from({ length: starts + 1 }, (_, i): Phase[] => [
      { value: 1000 + 60 * i, seconds: i === starts ? 2 * window : life },
      ...(i === starts ? [] : [{ value: "gone", seconds: STEP_SECONDS } as const]),
    ]).flat();
    const up = lives.map(({ value, seconds }) => ({ value: value === "gone" ? 0 : 1, seconds }));
    return [gauge(series("process_start_time_seconds"), lives), gauge(series("up"), up)];
  };
  const last = least * (life + STEP_SECONDS);
  const firesAt = last + pace.patienceSeconds.critical + slack;
  return [
    {
      alert: RESTARTING,
      title: `fires when the exporter was started again ${least} times, and ends with the window`,
      series: began(least),
      moments: [
        { atSeconds: last + STEP_SECONDS, what: "up again, but not for long", firing: [] },
        { atSeconds: firesAt, what: "started again too often", firing: [{ alert: RESTARTING }] },
        { atSeconds: last + window + slack, what: "it stays up", firing: [] },
      ],
      prints: { "{{ $labels.instance }}": INSTANCE, "{{ $value }}": String(least) },
    },
    {
      alert: RESTARTING,
      title: "does not fire for one start less",
      series: began(least - 1),
      moments: [{ atSeconds: firesAt, what: "started again once", firing: [] }],
    },
  ];
}

function story(when: Schedule, labels: Record<string, string>): Moment[] {
  const firing = [{ alert: ALERT, labels: { job: "headroom", ...labels } }];
  return [
    { atSeconds: when.partSeconds - STEP_SECONDS, what: "up", firing: [] },
    { atSeconds: when.waiting, what: "down, but not for long", firing: [] },
    { atSeconds: when.firing, what: "down for long enough", firing },
    { atSeconds: when.resolved, what: "up again", firing: [] },
  ];
}
