import { headroom, isBroken } from "../../alerts/headroom.ts";
import { GOALS, type Limit, type Unit } from "../../alerts/limits.ts";
import type { Profile } from "../plan/profiles.ts";
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

/** What the reference load aims for; reported, never failing. */
export interface GoalVerdict {
  readonly title: string;
  readonly unit: Unit | "messages/s";
  readonly observed: number;
  readonly goal: number;
  readonly bound: "upper" | "lower";
  readonly reached: boolean;
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

function checksOf({ k6 }: Measurements): RunCheck[] {
  const wrong = k6.checks.filter(({ fails }) => fails > 0);
  return [
    {
      about: "answers",
      title: "Messages were answered",
      holds: k6.messages.answered > 0,
      found: `${k6.messages.answered} of ${k6.messages.sent}`,
    },
    {
      about: "answers",
      title: "Every answer has the right shape",
      holds: wrong.length === 0,
      found:
        wrong.length === 0
          ? "all have"
          : wrong.map(({ name, fails }) => `not in ${fails} answers: ${name}`).join("; "),
    },
    {
      about: "load",
      title: "The load was offered in full",
      holds: k6.dropped === 0,
      found:
        k6.dropped === 0
          ? "no request was left out"
          : `${k6.dropped} requests were left out: every virtual user was still waiting`,
    },
    {
      about: "script",
      title: "The script ran without exceptions",
      holds: k6.exceptions === 0,
      found: k6.exceptions === 0 ? "none" : `${k6.exceptions}; see k6.log`,
    },
  ];
}

const upperGoal = (title: string, unit: Unit, observed: number, goal: number): GoalVerdict => ({
  title,
  unit,
  observed,
  goal,
  bound: "upper",
  reached: observed <= goal,
});

function goalsOf(profile: Profile, m: Measurements): GoalVerdict[] {
  const { arrival } = profile;
  const goals: GoalVerdict[] = [];
  if (arrival.kind === "constant" && arrival.messagesPerSecond >= GOALS.messagesPerSecond) {
    goals.push({
      title: "Messages answered",
      unit: "messages/s",
      observed: m.messagesPerSecond,
      goal: GOALS.messagesPerSecond,
      bound: "lower",
      reached: m.messagesPerSecond >= GOALS.messagesPerSecond,
    });
    // The aim is that of the reference load; occlusion asks for several times its work.
    if (profile.attribution !== "occlusion") {
      goals.push(upperGoal("Latency, P95", "seconds", m.k6.latency.p95, GOALS.batchP95Seconds));
    }
  }
  const memory = m.memory.peakBytes.process;
  if (memory !== undefined) {
    goals.push(upperGoal("Memory of the exporter", "bytes", memory, GOALS.processMemoryBytes));
  }
  return goals;
}

/** Holds a run's numbers against the limits that its profile exercises. Pure. */
export function judge(
  profile: Profile,
  measurements: Measurements,
  limits: readonly Limit[],
): Judgement {
  return {
    verdicts: limits.flatMap((limit) =>
      observedFor(limit, profile, measurements).map(({ title, value }) =>
        judgeLimit(limit, title, value, measurements.memory.capacityBytes),
      ),
    ),
    checks: checksOf(measurements),
    goals: goalsOf(profile, measurements),
  };
}
