import type { RuleOptions } from "../rules/options.ts";
import { duration } from "../rules/pace.ts";
import type { AlertCase, Moment, Schedule } from "./case.ts";
import { schedule } from "./case.ts";
import type { Phase } from "./timeline.ts";
import { gauge, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

const ALERT = "HeadroomExporterDown";

/** The exporter stops answering, or its target is no longer known. */
export function exporterCases(options: RuleOptions): AlertCase[] {
  const hold = options.pace.patienceSeconds.critical;
  const when = schedule(options.pace, hold, "now");
  const back = options.pace.returnSeconds;
  const part = (value: Phase["value"], seconds = when.partSeconds): Phase => ({ value, seconds });
  const up = (phases: Phase[]) => [gauge(series("up"), phases)];
  return [
    {
      alert: ALERT,
      title: "fires when scrapes fail and resolves when they succeed",
      series: up([part(1), part(0), part(1)]),
      moments: story(when, back, { instance: INSTANCE }),
      prints: {
        "{{ with $labels.instance }} {{ . }}{{ end }}": ` ${INSTANCE}`,
      },
    },
    {
      alert: ALERT,
      title: "fires when the target is gone and resolves when it is back",
      series: up([part(1), part("gone"), part(1)]),
      // A target that is not there has no instance either.
      moments: story(when, back, {}),
      prints: { "{{ with $labels.instance }} {{ . }}{{ end }}": "" },
    },
    {
      alert: ALERT,
      title: `does not fire for a restart shorter than ${duration(hold)}`,
      series: up([part(1), part(0, hold), part(1)]),
      moments: [{ atSeconds: when.partSeconds + hold, what: "after the restart", firing: [] }],
    },
  ];
}

function story(when: Schedule, backSeconds: number, labels: Record<string, string>): Moment[] {
  const firing = [{ alert: ALERT, labels: { job: "headroom", ...labels } }];
  return [
    { atSeconds: when.partSeconds - STEP_SECONDS, what: "up", firing: [] },
    { atSeconds: when.waiting, what: "down, but not for long", firing: [] },
    { atSeconds: when.firing, what: "down for long enough", firing },
    { atSeconds: when.resolved, what: "just back, which Alertmanager has yet to tell it", firing },
    { atSeconds: when.resolved + backSeconds, what: "back for long enough", firing: [] },
  ];
}
