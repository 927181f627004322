import { isBroken } from "../../alerts/headroom.ts";
import { GOALS } from "../../alerts/goals.ts";
import { type Limit, limit, LIMITS, type Unit } from "../../alerts/limits.ts";
import { type Profile, seeksLimit } from "../plan/profiles.ts";
import { formatCount, formatShare } from "./format.ts";
import type {
  ChatMeasurements,
  Measurements,
  SentimentMeasurements,
  Stay,
  StatusMeasurements,
} from "./measurements.ts";
import { type Verdict, verdictsOn } from "./verdicts.ts";

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
  /** Set when the value alone would do, but too little of the load that it is an aim for was answered. */
  readonly unanswered?: true;
}

/** Everything that was made of a run's numbers. */
export interface Assessment {
  /** The limit with the least headroom first, and last what was not measured. */
  readonly verdicts: readonly Verdict[];
  readonly checks: readonly RunCheck[];
  readonly goals: readonly GoalVerdict[];
}

/** Holds a run's numbers against the limits that its profile exercises, and against its goals. Pure. */
export function assess(
  profile: Profile,
  measurements: Measurements,
  limits: readonly Limit[],
): Assessment {
  return {
    verdicts: verdictsOn(measurements, limits),
    checks: checksOf(profile, measurements, limits),
    goals: goalsOf(profile, measurements, limits),
  };
}

function checksOf(
  profile: Profile,
  { run, sentiment, status, chat, exporter, complete }: Measurements,
  limits: readonly Limit[],
): RunCheck[] {
  const wrong = run.checks.filter(({ fails }) => fails > 0);
  return [
    ...(sentiment ? [messagesCheck(profile, sentiment.messages, limits)] : []),
    ...(status ? [statusCheck(status)] : []),
    ...(chat ? [chatCheck(profile, chat)] : []),
    {
      about: "answers",
      title: "The exporter ran from start to end",
      // A run that was stopped may have been stopped together with the exporter.
      holds: exporter === "stayed" || (exporter === "gone" && !complete),
      found: STAY[exporter],
    },
    {
      about: "answers",
      title: "Every answer passes its checks",
      holds: wrong.length === 0,
      found:
        wrong.map(({ name, fails }) => `not in ${fails} answers: ${name}`).join("; ") || "all do",
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

const STAY: Readonly<Record<Stay, string>> = {
  stayed: "it did",
  restarted: "it was started again on the way",
  gone: "it does not answer any more",
};

/**
 * In a run that looks for the limit, unanswered messages are expected of an overload; when none was
 * answered at all, something else is wrong.
 */
const messagesCheck = (
  profile: Profile,
  messages: SentimentMeasurements["messages"],
  limits: readonly Limit[],
): RunCheck => ({
  about: seeksLimit(profile) && messages.answered > 0 ? "load" : "answers",
  title: "Messages were answered",
  holds: enoughAnswered(messages, limits),
  found: shareInWords(messages.answered, messages.sent),
});

const statusCheck = ({ answers, requests }: StatusMeasurements): RunCheck => ({
  about: "answers",
  title: "Every status request was answered",
  holds: answers > 0 && answers === requests,
  found: shareInWords(answers, requests),
});

/** How many may fail is a limit; without a single answer there are no figures. */
const chatCheck = (profile: Profile, { answers, requests }: ChatMeasurements): RunCheck => ({
  about: seeksLimit(profile) ? "load" : "answers",
  title: "Chat requests were answered",
  holds: answers > 0,
  found: shareInWords(answers, requests),
});

const shareInWords = (count: number, asked: number): string =>
  `${formatCount(count)} of ${formatCount(asked)} (${formatShare(count / asked)})`;

/**
 * Whether so many messages were answered that the figures of the answers say something of the load.
 * The share without an answer may be as large as that of errors; it also holds what was wrong, or
 * still under way at the end.
 */
function enoughAnswered(
  { sent, answered }: SentimentMeasurements["messages"],
  limits: readonly Limit[],
): boolean {
  const allowed = limit("error_ratio", "warning", [...limits, ...LIMITS]);
  return answered > 0 && !isBroken(allowed, (sent - answered) / sent);
}

/** The goals that a profile's load is meant for. */
function goalsOf({ sentiment }: Profile, m: Measurements, limits: readonly Limit[]): GoalVerdict[] {
  const memory = m.memory.peakWithoutChatBytes;
  const isReference =
    sentiment?.arrival.kind === "constant" &&
    sentiment.arrival.messagesPerSecond >= GOALS.messagesPerSecond;
  const goals: GoalVerdict[] = [];
  if (m.sentiment && isReference) {
    const { messagesPerSecond, latency, messages } = m.sentiment;
    goals.push(
      aim(
        "Messages answered",
        "messages/s",
        messagesPerSecond,
        "at least",
        GOALS.messagesPerSecond,
      ),
    );
    // The aim is that of the reference load; occlusion asks for several times its work.
    if (sentiment.attribution !== "occlusion") {
      const p95 = aim("Latency, P95", "seconds", latency.p95, "at most", GOALS.batchP95Seconds);
      // An aim for the time of answers says nothing when a part of the load has none.
      const unanswered = p95.reached && !enoughAnswered(messages, limits);
      goals.push(unanswered ? { ...p95, reached: false, unanswered } : p95);
    }
  }
  if (m.status) {
    const { latency, hitRate } = m.status;
    const { statusMeanSeconds, statusHitRatio } = GOALS;
    goals.push(
      aim("Status answers, mean time", "seconds", latency.mean, "at most", statusMeanSeconds),
      aim("Status answers from the cache", "ratio", hitRate, "at least", statusHitRatio),
    );
  }
  // An aim of the sentiment system; the chat model has a process of its own.
  if (m.sentiment && memory !== undefined) {
    const title = "Memory of the exporter, without the chat model";
    goals.push(aim(title, "bytes", memory, "at most", GOALS.processMemoryBytes));
  }
  return goals;
}

function aim(
  title: string,
  unit: GoalVerdict["unit"],
  observed: number,
  bound: "at most" | "at least",
  goal: number,
): GoalVerdict {
  return bound === "at most"
    ? { title, unit, observed, goal, bound: "upper", reached: observed <= goal }
    : { title, unit, observed, goal, bound: "lower", reached: observed >= goal };
}
