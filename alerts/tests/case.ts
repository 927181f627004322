import type { Severity } from "../limits.ts";
import { REQUESTS, type Work } from "../rules/measures.ts";
import type { RuleOptions } from "../rules/options.ts";
import type { Pace } from "../rules/pace.ts";
import { gauge, type Phase, series, type Series, STEP_SECONDS } from "./timeline.ts";

/** An alert that must be firing, with the labels by which it is told apart. */
export interface Firing {
  readonly alert: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What must be true at one moment: exactly these alerts fire, and nothing else. */
export interface Moment {
  readonly atSeconds: number;
  readonly what: string;
  readonly firing: readonly Firing[];
}

/** A story that Prometheus is told, and what its alerts must make of it. */
export interface AlertCase {
  /** The alert that the case is about. */
  readonly alert: string;
  readonly title: string;
  readonly series: readonly Series[];
  /** Seconds between two of its samples and evaluations; STEP_SECONDS unless it takes hours. */
  readonly stepSeconds?: number;
  readonly moments: readonly Moment[];
  /** What the templates of the alert's texts must print while it fires. */
  readonly prints?: Readonly<Record<string, string>>;
}

/** The usual story of a limit: allowed, broken, allowed again. */
export interface Story<T> {
  readonly allowed: T;
  readonly broken: T;
}

/** How long each part of the usual story lasts, long enough for any alert of this pace. */
export interface Schedule {
  readonly partSeconds: number;
  readonly waiting: number;
  readonly firing: number;
  readonly resolved: number;
}

/**
 * When to look at an alert in the usual story.
 *
 * @param measure - whether the alert looks back over a window or at the value of now
 */
export function schedule(pace: Pace, holdSeconds: number, measure: "window" | "now"): Schedule {
  const memory = measure === "window" ? pace.windowSeconds : 0;
  const slack = 2 * STEP_SECONDS;
  const partSeconds = 2 * (pace.windowSeconds + pace.patienceSeconds.warning) + pace.windowSeconds;
  return {
    partSeconds,
    waiting: partSeconds + holdSeconds - STEP_SECONDS,
    firing: partSeconds + memory + holdSeconds + slack,
    resolved: 2 * partSeconds + memory + slack,
  };
}

/** The three phases of the usual story for one series. */
export function phases({ allowed, broken }: Story<number>, when: Schedule): Phase[] {
  return [allowed, broken, allowed].map((value) => ({ value, seconds: when.partSeconds }));
}

/** The four moments of the usual story. */
export function moments(
  when: Schedule,
  firing: readonly Firing[],
  always: readonly Firing[] = [],
): Moment[] {
  return [
    { atSeconds: when.partSeconds - STEP_SECONDS, what: "just below the limit", firing: always },
    { atSeconds: when.waiting, what: "at the limit, but not for long", firing: always },
    {
      atSeconds: when.firing,
      what: "at the limit for long enough",
      firing: [...always, ...firing],
    },
    { atSeconds: when.resolved, what: "just below the limit again", firing: always },
  ];
}

/** One moment at the end of the second part, at which nothing but `always` fires. */
export function silence(
  when: Schedule,
  what: string,
  always: readonly Firing[] = [],
): readonly Moment[] {
  return [{ atSeconds: 2 * when.partSeconds - STEP_SECONDS, what, firing: always }];
}

/** The exporter answers scrapes throughout; without this series it counts as down. */
export function exporterUp(when: Schedule): Series {
  return gauge(series("up"), [{ value: 1, seconds: 3 * when.partSeconds }]);
}

/**
 * Events in each step of the cases: many enough that one more or less stands beside a limit given
 * in per cent, and far more than the evidence that any alert asks for.
 */
export const BUSY = 1000;

/** The requests of each kind of work are counted with these labels beside their outcome. */
export const WORK_LABELS: Readonly<Record<Work, Readonly<Record<string, string>>>> = {
  sentiment: {},
  status: { scenario: "quick-status", strategy: "balanced" },
  chat: { operation: "chat", model: "llama3.2:1b" },
};

/** The name of what counts the requests of a kind of work with an outcome. */
export const requestsOf = (work: Work, outcome: string): string =>
  series(REQUESTS[work], { ...WORK_LABELS[work], outcome });

/** The usual story's schedule for alerts that look back over the window. */
export function windowed({ pace }: RuleOptions, severity: Severity): Schedule {
  return schedule(pace, pace.windowSeconds + pace.patienceSeconds[severity], "window");
}
