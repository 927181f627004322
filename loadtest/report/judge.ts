import { byHeadroom, headroom, isBroken } from "@headroom/alerts/headroom";
import type { Limit } from "@headroom/alerts/limits";
import { enoughAnswered } from "./answered.ts";
import { seeksLimit, type Profile } from "../plan/profiles.ts";
import { formatCount, formatShare } from "./format.ts";
import { goalsOf, type GoalVerdict } from "./goals.ts";
import type { Measurements, Stay } from "./measurements.ts";
import { observedFor, valuesOf } from "./observed.ts";
import type { SentimentMeasurements } from "./sentiment-measurements.ts";
import type { StatusMeasurements } from "./status-measurements.ts";

/** How a limit fared. */
export interface Verdict {
  readonly title: string;
  readonly limit: Limit;
  readonly observed: number;
  /** Share of the limit that is left; negative beyond it. See alerts/headroom.ts. */
  readonly headroom: number;
  /** Share of the scope's own memory, for memory limits. */
  readonly usedOfCapacity?: number;
  readonly status: "within" | "broken" | "not measured";
}

/** A condition of the run itself: when it does not hold, the figures cannot be trusted. */
export interface RunCheck {
  /** `load` fails when the machine is at its end, the others when something is wrong. */
  readonly about: "answers" | "load" | "script";
  readonly title: string;
  readonly holds: boolean;
  /** What was found, in words. */
  readonly found: string;
}

/** Everything that was made of a run's numbers. */
export interface Judgement {
  /** The limit with the least headroom first, and last what was not measured. */
  readonly verdicts: readonly Verdict[];
  readonly checks: readonly RunCheck[];
  readonly goals: readonly GoalVerdict[];
}

/** Holds one value against one limit. */
export function judgeLimit(
  limit: Limit,
  title: string,
  observed: number,
  capacityBytes?: number,
): Verdict {
  const measured = Number.isFinite(observed);
  return {
    title,
    limit,
    observed,
    headroom: headroom(limit, observed),
    ...(limit.unit === "bytes" &&
      measured &&
      capacityBytes !== undefined && { usedOfCapacity: observed / capacityBytes }),
    status: !measured ? "not measured" : isBroken(limit, observed) ? "broken" : "within",
  };
}

const shareInWords = (count: number, asked: number): string =>
  `${formatCount(count)} of ${formatCount(asked)} (${formatShare(count / asked)})`;

/**
 * Of whoever looks for the limit, messages without an answer are what overload looks like; when none
 * was answered at all, something else is wrong.
 */
const messagesCheck = (
  profile: Profile,
  { sent, answered }: SentimentMeasurements["messages"],
  limits: readonly Limit[],
): RunCheck => ({
  about: seeksLimit(profile) && answered > 0 ? "load" : "answers",
  title: "Messages were answered",
  holds: enoughAnswered({ sent, answered }, limits),
  found: shareInWords(answered, sent),
});

const questionsCheck = ({ answers, requests }: StatusMeasurements): RunCheck => ({
  about: "answers",
  title: "Every status question was answered",
  holds: answers > 0 && answers === requests,
  found: shareInWords(answers, requests),
});

const STAY: Readonly<Record<Stay, string>> = {
  stayed: "it did",
  restarted: "it was started again on the way",
  gone: "it does not answer any more",
};

/** A run that was stopped may have been stopped together with the exporter. */
const stayCheck = ({ exporter, complete }: Measurements): RunCheck => ({
  about: "answers",
  title: "The exporter ran from start to end",
  holds: exporter === "stayed" || (exporter === "gone" && !complete),
  found: STAY[exporter],
});

function checksOf(
  profile: Profile,
  measurements: Measurements,
  limits: readonly Limit[],
): RunCheck[] {
  const { run, sentiment, status } = measurements;
  const wrong = run.checks.filter(({ fails }) => fails > 0);
  return [
    ...(sentiment ? [messagesCheck(profile, sentiment.messages, limits)] : []),
    ...(status ? [questionsCheck(status)] : []),
    stayCheck(measurements),
    {
      about: "answers",
      title: "Every answer passes its checks",
      holds: wrong.length === 0,
      found:
        wrong.length === 0
          ? "all do"
          : wrong.map(({ name, fails }) => `not in ${fails} answers: ${name}`).join("; "),
    },
    {
      about: "load",
      title: "The load was offered in full",
      holds: run.dropped === 0,
      found:
        run.dropped === 0
          ? "no request was left out"
          : `${run.dropped} requests were left out: every virtual user was still waiting`,
    },
    {
      about: "script",
      title: "The script ran without exceptions",
      holds: run.exceptions === 0,
      found: run.exceptions === 0 ? "none" : `${run.exceptions}; see k6.log`,
    },
  ];
}

/** Holds a run's numbers against the limits that its profile exercises. Pure. */
export function judge(
  profile: Profile,
  measurements: Measurements,
  limits: readonly Limit[],
): Judgement {
  const values = valuesOf(measurements);
  const { sentiment, memory } = measurements;
  const verdicts = limits.flatMap((limit) => {
    const observed = observedFor(limit, values);
    if (!observed) return [];
    const capacity = limit.scope && memory.capacityBytes[limit.scope];
    return [judgeLimit(limit, limit.title, observed.value, capacity)];
  });
  return {
    verdicts: verdicts.sort((a, b) => byHeadroom(a.headroom, b.headroom)),
    checks: checksOf(profile, measurements, limits),
    goals: goalsOf(
      profile,
      measurements,
      sentiment === undefined || enoughAnswered(sentiment.messages, limits),
    ),
  };
}
