import { GOALS } from "@headroom/alerts/goals";
import type { Unit } from "@headroom/alerts/limits";
import type { Profile } from "../plan/profiles.ts";
import type { Measurements } from "./measurements.ts";
import type { SentimentMeasurements } from "./sentiment-measurements.ts";
import type { StatusMeasurements } from "./status-measurements.ts";

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

type Aim = Pick<GoalVerdict, "title" | "unit" | "observed" | "goal">;

const atMost = (aim: Aim): GoalVerdict => ({
  ...aim,
  bound: "upper",
  reached: aim.observed <= aim.goal,
});

const atLeast = (aim: Aim): GoalVerdict => ({
  ...aim,
  bound: "lower",
  reached: aim.observed >= aim.goal,
});

const rate = (m: SentimentMeasurements): GoalVerdict =>
  atLeast({
    title: "Messages answered",
    unit: "messages/s",
    observed: m.messagesPerSecond,
    goal: GOALS.messagesPerSecond,
  });

const batchTime = (m: SentimentMeasurements): GoalVerdict =>
  atMost({
    title: "Latency, P95",
    unit: "seconds",
    observed: m.latency.p95,
    goal: GOALS.batchP95Seconds,
  });

const statusGoals = (m: StatusMeasurements): GoalVerdict[] => [
  atMost({
    title: "Status answers, mean time",
    unit: "seconds",
    observed: m.latency.mean,
    goal: GOALS.statusMeanSeconds,
  }),
  atLeast({
    title: "Status answers from the cache",
    unit: "ratio",
    observed: m.hitRate,
    goal: GOALS.statusHitRatio,
  }),
];

/** An aim for the time of answers says nothing when a part of the load has none. */
const ofWhole = (goal: GoalVerdict, enoughAnswered: boolean): GoalVerdict =>
  goal.reached && !enoughAnswered ? { ...goal, reached: false, unanswered: true } : goal;

/**
 * The goals that a profile's load is meant for, held against what was measured.
 *
 * @param enoughAnswered - whether the share of the messages without an answer is below its limit
 */
export function goalsOf(
  { sentiment }: Profile,
  m: Measurements,
  enoughAnswered: boolean,
): GoalVerdict[] {
  const isReference =
    sentiment?.arrival.kind === "constant" &&
    sentiment.arrival.messagesPerSecond >= GOALS.messagesPerSecond;
  const memory = m.memory.peakWithoutChatBytes;
  return [
    ...(m.sentiment && isReference ? [rate(m.sentiment)] : []),
    // The aim is that of the reference load; occlusion asks for several times its work.
    ...(m.sentiment && isReference && sentiment.attribution !== "occlusion"
      ? [ofWhole(batchTime(m.sentiment), enoughAnswered)]
      : []),
    ...(m.status ? statusGoals(m.status) : []),
    // An aim of the sentiment system; the chat model has a process of its own.
    ...(memory === undefined || !m.sentiment
      ? []
      : [
          atMost({
            title: "Memory of the exporter, without the chat model",
            unit: "bytes",
            observed: memory,
            goal: GOALS.processMemoryBytes,
          }),
        ]),
  ];
}
