import { JOBS, type RuleOptions } from "../rules/options.ts";
import { duration } from "../rules/pace.ts";
import { type AlertCase, exporterUp, schedule } from "./case.ts";
import type { Phase, Series } from "./timeline.ts";
import { gauge, series, STEP_SECONDS } from "./timeline.ts";

const ALERT = "HeadroomIncidentsDown";
const ADDRESS = { job: JOBS.incidents, instance: "127.0.0.1:9702" };

const up = (phases: readonly Phase[]): Series => gauge(series("up", ADDRESS), phases);

/** The process that keeps incidents answers throughout a story; without this series it counts as down. */
export function incidentsUp({ moments, stepSeconds = STEP_SECONDS }: AlertCase): Series {
  const steps = Math.max(...moments.map(({ atSeconds }) => atSeconds)) / stepSeconds + 2;
  return up([{ value: 1, seconds: Math.ceil(steps) * STEP_SECONDS }]);
}

/** The incidents process stops answering, or its target is no longer known. */
export function incidentsCases({ pace }: RuleOptions): AlertCase[] {
  const hold = pace.patienceSeconds.critical;
  const when = schedule(pace, hold, "now");
  const part = (value: Phase["value"], seconds = when.partSeconds): Phase => ({ value, seconds });
  const story = (gone: Phase["value"], labels: Readonly<Record<string, string>>): AlertCase => {
    const firing = [{ alert: ALERT, labels: { job: JOBS.incidents, ...labels } }];
    const instance = labels["instance"];
    return {
      alert: ALERT,
      title: `fires when ${gone === 0 ? "scrapes fail" : "the target is gone"}, and goes on until it can be told`,
      series: [exporterUp(when), up([part(1), part(gone), part(1)])],
      moments: [
        { atSeconds: when.partSeconds - STEP_SECONDS, what: "up", firing: [] },
        { atSeconds: when.waiting, what: "down, but not for long", firing: [] },
        { atSeconds: when.firing, what: "down for long enough", firing },
        { atSeconds: when.resolved, what: "just back, which it has yet to hear", firing },
        { atSeconds: when.resolved + pace.returnSeconds, what: "back for long enough", firing: [] },
      ],
      prints: { "{{ with $labels.instance }} {{ . }}{{ end }}": instance ? ` ${instance}` : "" },
    };
  };
  return [
    story(0, { instance: ADDRESS.instance }),
    // A target that is not there has no instance either.
    story("gone", {}),
    {
      alert: ALERT,
      title: `does not fire for a restart shorter than ${duration(hold)}`,
      series: [exporterUp(when), up([part(1), part(0, hold), part(1)])],
      moments: [{ atSeconds: when.partSeconds + hold, what: "after the restart", firing: [] }],
    },
  ];
}
