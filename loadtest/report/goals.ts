import { GOALS, type Unit } from "../../alerts/limits.ts";
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

/** The goals that a profile's load is meant for, held against what was measured. */
export function goalsOf({ sentiment }: Profile, m: Measurements): GoalVerdict[] {
  const isReference =
    sentiment?.arrival.kind === "constant" &&
    sentiment.arrival.messagesPerSecond >= GOALS.messagesPerSecond;
  const memory = m.memory.peakWithoutChatBytes;
  return [
    ...(m.sentiment && isReference ? [rate(m.sentiment)] : []),
    // The aim is that of the reference load; occlusion asks for several times its work.
    ...(m.sentiment && isReference && sentiment.attribution !== "occlusion"
      ? [batchTime(m.sentiment)]
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
