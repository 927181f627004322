import type { StatusScenario } from "../limits.ts";
import { LONGEST_TOLD_SECONDS, STATUS_TARGET_SECONDS, statusLimit } from "../limits.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import type { RuleOptions } from "../rules/options.ts";
import { STATUS_ALERT } from "../rules/status.ts";
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

/** The quantile that the targets are about. */
const QUANTILE = 0.95;

const SCENARIOS = Object.keys(STATUS_TARGET_SECONDS) as StatusScenario[];

/** Times of status answers, P95, each against the target of its scenario. */
export function statusCases(options: RuleOptions): AlertCase[] {
  const when = windowed(options, "warning");
  const silent = (title: string, what: string, input: readonly Series[]): AlertCase => ({
    alert: STATUS_ALERT,
    title,
    series: [exporterUp(when), ...input],
    moments: silence(when, what),
  });
  const all = (count: number): Series[] =>
    SCENARIOS.flatMap((scenario) =>
      histogram(options, scenario, count, { allowed: 0, broken: 0 }, when),
    );
  const few = ((EVIDENCE.requests - 1) * STEP_SECONDS) / options.pace.windowSeconds;
  return [
    ...SCENARIOS.map((scenario) => followed(options, scenario, when)),
    ownTargets(options, when),
    silent("does not fire without traffic", "no request", all(0)),
    silent("does not fire before the first request", "no series", []),
    silent(
      "does not fire on too little evidence",
      "every answer is slow, but few are asked for",
      all(few),
    ),
  ];
}

/** The story of one scenario, while all others are quick. */
function followed(options: RuleOptions, scenario: StatusScenario, when: Schedule): AlertCase {
  const fast = BUSY * QUANTILE;
  const input = SCENARIOS.flatMap((each) =>
    each === scenario
      ? histogram(options, each, BUSY, { allowed: fast + 1, broken: fast }, when)
      : histogram(options, each, BUSY, { allowed: BUSY, broken: BUSY }, when),
  );
  return {
    alert: STATUS_ALERT,
    title: `follows the 95th percentile of ${scenario} over its target and back`,
    series: [exporterUp(when), ...input],
    moments: moments(when, [firing(options, scenario)]),
    prints: {
      "{{ $labels.instance }}": INSTANCE,
      "{{ $labels.scenario }}": scenario,
      [`{{ if ge $value ${LONGEST_TOLD_SECONDS.status.toFixed(1)} }}more than {{ end }}`]: "",
      "{{ $value | humanizeDuration }}": `${statusLimit(scenario, options.limits).upper}s`,
    },
  };
}

/** Every answer takes as long as the strictest target allows: only that one is broken. */
function ownTargets(options: RuleOptions, when: Schedule): AlertCase {
  const targets = SCENARIOS.map((scenario) => statusLimit(scenario, options.limits).upper);
  const strictest = Math.min(...targets);
  const next = Math.min(...targets.filter((target) => target > strictest));
  const count = { allowed: BUSY, broken: BUSY };
  const none = { allowed: 0, broken: 0 };
  const input = SCENARIOS.flatMap((scenario) => [
    bucket(scenario, strictest, none, when),
    bucket(scenario, (strictest + next) / 2, count, when),
    ...totals(scenario, count, when),
  ]);
  const broken = SCENARIOS.filter((_, i) => targets[i] === strictest);
  return {
    alert: STATUS_ALERT,
    title: "judges each scenario by its own target",
    series: [exporterUp(when), ...input],
    moments: [
      {
        atSeconds: when.firing,
        what: "every answer is later than the strictest target, and within all others",
        firing: broken.map((scenario) => firing(options, scenario)),
      },
    ],
  };
}

function firing(options: RuleOptions, scenario: StatusScenario): Firing {
  const { id } = statusLimit(scenario, options.limits);
  return { alert: STATUS_ALERT, labels: { limit: id, scenario } };
}

/** Answers just within the target, `fast` of them in each step, and the rest beyond it. */
function histogram(
  options: RuleOptions,
  scenario: StatusScenario,
  all: number,
  fast: Story<number>,
  when: Schedule,
): Series[] {
  const target = statusLimit(scenario, options.limits).upper;
  const total = { allowed: all, broken: all };
  return [
    bucket(scenario, target / 2, { allowed: 0, broken: 0 }, when),
    bucket(scenario, target, fast, when),
    bucket(scenario, target * 2, total, when),
    ...totals(scenario, total, when),
  ];
}

function bucket(
  scenario: StatusScenario,
  le: number,
  grows: Story<number>,
  when: Schedule,
): Series {
  return part("bucket", { scenario, le: String(le) }, grows, when);
}

function totals(scenario: StatusScenario, grows: Story<number>, when: Schedule): Series[] {
  return [
    part("bucket", { scenario, le: "+Inf" }, grows, when),
    part("count", { scenario }, grows, when),
  ];
}

function part(
  name: string,
  labels: Readonly<Record<string, string>>,
  grows: Story<number>,
  when: Schedule,
): Series {
  return counter(series(`headroom_status_duration_seconds_${name}`, labels), phases(grows, when));
}
