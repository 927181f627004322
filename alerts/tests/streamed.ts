import { limit, LONGEST_TOLD_SECONDS, type Severity } from "../limits.ts";
import { EVIDENCE } from "../rules/evidence.ts";
import { STREAMED } from "../rules/measures.ts";
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
  WORK_LABELS,
  windowed,
} from "./case.ts";
import type { Series } from "./timeline.ts";
import { counter, INSTANCE, series, STEP_SECONDS } from "./timeline.ts";

type Time = keyof typeof STREAMED;

const ABOUT = {
  firstToken: { alert: "HeadroomFirstTokenSlow", id: "first_token_p95" },
  outputToken: { alert: "HeadroomTokensSlow", id: "output_token_p95" },
} as const satisfies Record<Time, object>;

const MODEL = WORK_LABELS.chat["model"] ?? "";
const OF_MODEL = { gen_ai_request_model: MODEL };

/** The quantile that the limits are about. */
const QUANTILE = 0.95;

/** The times of streamed answers, P95, and how many of the answers are within both. */
export function streamedCases(options: RuleOptions): AlertCase[] {
  const times = (["firstToken", "outputToken"] as const).flatMap((what) => [
    ...timeCases(options, what, "warning"),
    ...timeCases(options, what, "critical"),
  ]);
  return [...times, ...goodputCases(options)];
}

function timeCases(options: RuleOptions, what: Time, severity: Severity): AlertCase[] {
  const { alert } = ABOUT[what];
  const when = windowed(options, severity);
  const fires = (which: Severity): Firing => ({
    alert,
    labels: { severity: which, ...OF_MODEL },
  });
  const seconds = upper(options, what, severity);
  const fast = BUSY * QUANTILE;
  const few = ((EVIDENCE.streams - 0.5) * STEP_SECONDS) / options.pace.windowSeconds;
  const told = {
    "{{ $labels.instance }}": INSTANCE,
    "{{ $labels.gen_ai_request_model }}": MODEL,
  };
  const longest = LONGEST_TOLD_SECONDS[what];
  const moreThan = `{{ if ge $value ${longest.toFixed(1)} }}more than {{ end }}`;
  const silent = (title: string, reason: string, input: readonly Series[]): AlertCase => ({
    alert,
    title: `${title} (${severity})`,
    series: [exporterUp(when), ...input],
    moments: silence(when, reason),
  });
  const isSlow = { allowed: 0, broken: 0 };
  return [
    {
      alert,
      title: `follows the 95th percentile over the ${severity} limit and back`,
      series: [
        exporterUp(when),
        ...histogram(options, what, severity, BUSY, { allowed: fast + 1, broken: fast }, when),
      ],
      moments: moments(
        when,
        [fires(severity)],
        // At the critical limit every answer is beyond the warning, which therefore fires as well.
        severity === "critical" ? [fires("warning")] : [],
      ),
      // While the warning of the same name waits just below the critical limit, it tells of another value.
      ...(severity === "warning" && {
        prints: {
          ...told,
          [moreThan]: "",
          "{{ $value | humanizeDuration }}": seconds < 1 ? `${seconds * 1000}ms` : `${seconds}s`,
        },
      }),
    },
    {
      alert,
      title: `says that it is more than the histogram can tell (${severity})`,
      series: [
        exporterUp(when),
        part(what, "bucket", { le: String(longest) }, { allowed: 0, broken: 0 }, when),
        part(what, "bucket", { le: "+Inf" }, { allowed: BUSY, broken: BUSY }, when),
        part(what, "count", {}, { allowed: BUSY, broken: BUSY }, when),
      ],
      moments: silence(when, "every answer is later than the last edge", [
        fires("warning"),
        fires("critical"),
      ]),
      prints: {
        ...told,
        [moreThan]: "more than ",
        "{{ $value | humanizeDuration }}": longest >= 60 ? "1m 20s" : `${longest}s`,
      },
    },
    silent("does not fire without traffic", "no request", [
      ...histogram(options, what, severity, 0, isSlow, when),
    ]),
    silent("does not fire before the first request", "no series", []),
    silent("does not fire on too little evidence", "each is slow, but one at a time", [
      ...histogram(options, what, severity, few, isSlow, when),
    ]),
    silent(
      "does not judge what the exporter itself asks a model for",
      "every summary of a status is slow",
      histogram(options, what, severity, BUSY, isSlow, when, "status_summary"),
    ),
  ];
}

/** Answers just within the limit, `fast` of them in each step, and the rest beyond it. */
function histogram(
  options: RuleOptions,
  what: Time,
  severity: Severity,
  all: number,
  fast: Story<number>,
  when: Schedule,
  operation = "chat",
): Series[] {
  const edge = upper(options, what, severity);
  const [warning, critical] = [upper(options, what, "warning"), upper(options, what, "critical")];
  const total = { allowed: all, broken: all };
  const upTo = (le: number): Story<number> => {
    if (le < edge) return { allowed: 0, broken: 0 };
    return le === edge ? fast : total;
  };
  return [
    ...[warning / 2, warning, critical, critical * 2].map((le) =>
      part(what, "bucket", { le: String(le) }, upTo(le), when, operation),
    ),
    part(what, "bucket", { le: "+Inf" }, total, when, operation),
    part(what, "count", {}, total, when, operation),
  ];
}

function part(
  what: Time,
  name: string,
  labels: Readonly<Record<string, string>>,
  grows: Story<number>,
  when: Schedule,
  operation = "chat",
): Series {
  const all = { gen_ai_operation_name: operation, ...OF_MODEL, ...labels };
  return counter(series(`${STREAMED[what]}_${name}`, all), phases(grows, when));
}

function upper(options: RuleOptions, what: Time, severity: Severity): number {
  const found = limit(ABOUT[what].id, severity, options.limits);
  if (found.bound !== "upper") throw new TypeError("a time has an upper limit");
  return found.upper;
}

const GOODPUT = "HeadroomGoodputLow";

function goodputCases(options: RuleOptions): AlertCase[] {
  const allowed = limit("goodput", "warning", options.limits);
  if (allowed.bound !== "lower") throw new TypeError("goodput has a lower limit");
  const when = windowed(options, "warning");
  const atLimit = Math.round(BUSY * allowed.lower);
  const streams = (all: Story<number>, good: Story<number>): Series[] => [
    exporterUp(when),
    counter(series("headroom_chat_streams_total", { model: MODEL }), phases(all, when)),
    counter(
      series("headroom_chat_streams_within_limits_total", { model: MODEL }),
      phases(good, when),
    ),
  ];
  const always = (value: number): Story<number> => ({ allowed: value, broken: value });
  const few = ((EVIDENCE.streams - 0.5) * STEP_SECONDS) / options.pace.windowSeconds;
  const silent = (title: string, what: string, input: readonly Series[]): AlertCase => ({
    alert: GOODPUT,
    title,
    series: input,
    moments: silence(when, what),
  });
  return [
    {
      alert: GOODPUT,
      title: "follows the share of good streams to the limit and back",
      series: streams(always(BUSY), { allowed: atLimit + 1, broken: atLimit }),
      moments: moments(when, [{ alert: GOODPUT, labels: { model: MODEL } }]),
      prints: {
        "{{ $labels.instance }}": INSTANCE,
        "{{ $labels.model }}": MODEL,
        "{{ $value | humanizePercentage }}": `${(100 * atLimit) / BUSY}%`,
      },
    },
    silent("does not fire without traffic", "no stream", streams(always(0), always(0))),
    silent("does not fire before the first stream", "no series", [exporterUp(when)]),
    silent(
      "does not fire on too little evidence",
      "none is good, but they come one at a time",
      streams(always(few), always(0)),
    ),
  ];
}
