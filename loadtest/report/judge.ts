import { headroom, isBroken } from "../../alerts/headroom.ts";
import type { Limit } from "../../alerts/limits.ts";
import type { Profile } from "../plan/profiles.ts";
import { goalsOf, type GoalVerdict } from "./goals.ts";
import type { Measurements } from "./measurements.ts";
import { observedFor } from "./observed.ts";

/** How a limit fared. */
export interface Verdict {
  readonly title: string;
  readonly limit: Limit;
  readonly observed: number;
  /** Share of the limit that is left; negative beyond it. See alerts/headroom.ts. */
  readonly headroom: number;
  /** Share of the machine's memory, for memory limits. */
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

const answered = (title: string, count: number, asked: number, all: boolean): RunCheck => ({
  about: "answers",
  title,
  holds: count > 0 && (!all || count === asked),
  found: `${count} of ${asked}`,
});

function checksOf({ run, sentiment, status }: Measurements): RunCheck[] {
  const wrong = run.checks.filter(({ fails }) => fails > 0);
  return [
    ...(sentiment
      ? [
          answered(
            "Messages were answered",
            sentiment.messages.answered,
            sentiment.messages.sent,
            false,
          ),
        ]
      : []),
    ...(status
      ? [answered("Every status question was answered", status.answers, status.requests, true)]
      : []),
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
  return {
    verdicts: limits.flatMap((limit) =>
      observedFor(limit, measurements).map(({ title, value }) =>
        judgeLimit(limit, title, value, measurements.memory.capacityBytes),
      ),
    ),
    checks: checksOf(measurements),
    goals: goalsOf(profile, measurements),
  };
}
