import type { Severity } from "../limit.ts";
import { durationWords } from "./duration.ts";

/** An alert about a lane's limit whose condition holds. */
export interface LaneAlert {
  /** What the rule is called. */
  readonly name: string;
  /** `pending` until the condition has held for long enough. */
  readonly state: "pending" | "firing";
  readonly severity: Severity;
  /** Since when the condition holds, milliseconds since 1970; NaN when nobody knows. */
  readonly since: number;
}

/** What to do about the limits that an alert watches. */
export interface Advice {
  /** What the rule is called. */
  readonly alert: string;
  readonly limits: readonly string[];
  readonly severity: Severity;
  /** How long the condition holds before the alert fires. */
  readonly holdSeconds: number;
  /** Address of the runbook; empty when there is none. */
  readonly runbookUrl: string;
  /** What the runbook says to do first, in one line. */
  readonly action: string;
}

/** Of several alerts the one to be told of: firing before pending, critical before warning, then the oldest. */
export function worstAlert(alerts: readonly LaneAlert[]): LaneAlert | undefined {
  const rank = ({ state, severity }: LaneAlert) =>
    2 * Number(state === "pending") + Number(severity !== "critical");
  const [worst] = [...alerts].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
  return worst;
}

/**
 * What to do about a lane: what its alert says, else what the first alert about a broken limit of this
 * severity would say.
 *
 * @param known - all advice about the lane's limits
 */
export function adviceFor(
  known: readonly Advice[],
  alert: LaneAlert | undefined,
  broken: Severity | undefined,
): Advice | undefined {
  const named = known.find(
    (advice) => advice.alert === alert?.name && advice.severity === alert.severity,
  );
  return named ?? known.find(({ severity }) => severity === broken);
}

/**
 * How far an alert has come: `pending 40 s`, `firing since 14:00`. It fires when its condition has held
 * for as long as the advice on it says.
 *
 * @param at - writes a moment, in milliseconds, on the reader's clock
 */
export function alertWords(
  { state, since }: LaneAlert,
  { holdSeconds = 0 }: Partial<Advice> = {},
  { now, at }: { readonly now: number; readonly at: (time: number) => string },
): string {
  if (!Number.isFinite(since)) return state;
  if (state === "pending") return `pending ${durationWords(Math.max(0, now - since))}`;
  return `firing since ${at(Math.min(now, since + 1_000 * holdSeconds))}`;
}
