import type { DrillStack, Setup } from "../drill/drill-stack.ts";

/** One way in which things go wrong, and what must hold meanwhile. */
export interface Row {
  /** For `--only` and the table, like `redis-frozen`. */
  readonly name: string;
  /** In words: "Redis does not answer for 15 s". */
  readonly fault: string;
  /** What the fault takes that this machine does not have, if anything. */
  readonly lacks?: () => Promise<string | undefined>;
  readonly setup?: Setup;
  /** Brings the fault about and waits until it is over; what recovers by itself has begun to. */
  run(stack: DrillStack, signal: AbortSignal): Promise<Found | void>;
  readonly expect?: Expectation;
}

/** What the clients of the steady load, who know nothing of the fault, may notice at most. */
export interface Expectation {
  /** Whether the exporter may be away for a moment, so that connecting is refused. */
  readonly away?: true;
  /** Requests that were taken and never answered. None when absent. */
  readonly lost?: number;
  /** Share of requests that are answered with an error. None when absent. */
  readonly errorRatio?: number;
  /** P95 of answers in milliseconds while the fault lasts; the critical limit when absent. */
  readonly p95Ms?: number;
  /** Alerts that must fire. No other may, but for these: */
  readonly alerts?: readonly string[];
  readonly mayAlert?: readonly string[];
  /** From the end of the fault until all is as before; {@link RECOVERY_SECONDS} when absent. */
  readonly recoverySeconds?: number;
}

/** A restart of the exporter with its proof of the engine fits in, on a busy machine too. */
export const RECOVERY_SECONDS = 20;

/** What a row saw with clients of its own. */
export interface Found {
  /** Requests of the row's own that were taken and never answered. */
  readonly lost?: number;
  /** Alerts that were acknowledged, and that no incident has. */
  readonly lostAlerts?: number;
  /** What must not be, a sentence each. */
  readonly problems?: readonly string[];
  /** What is worth knowing, like "1,312 refused". */
  readonly note?: string;
}
