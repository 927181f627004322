import { setTimeout as sleep } from "node:timers/promises";
import { DEFAULT_RULE_OPTIONS, type RuleOptions } from "@headroom/alerts/rules/options";
import { firstMessageAt } from "@headroom/loadtest/plan/messages";
import type { ProfileName } from "@headroom/loadtest/plan/profiles";
import type { Session } from "../session.ts";
import type { Fleet, FleetTools } from "./fleet.ts";
import { type LoadSeen, putSegmentedLoad } from "./segmented-load.ts";

/** One thing that a fleet must do, shown and judged. */
export interface Point {
  readonly name: string;
  /** What must hold, in words. */
  readonly what: string;
  run(fleet: Fleet, trial: Trial): Promise<Shown>;
}

/** What was seen, in words, and what did not hold. */
export interface Shown {
  readonly seen: string;
  readonly problems: readonly string[];
}

/** How a point puts load on a fleet. */
export interface Trial {
  readonly session: Session;
  readonly tools: FleetTools;
  readonly segments: number;
  /** How long a load lasts that is measured. */
  readonly seconds: number;
}

/** Settings of each exporter: made-up answers that take a while, and streams that take seconds. */
export const TRIAL_VARIABLES = {
  HEADROOM_SIMULATE: "true",
  HEADROOM_SIMULATE_LATENCY_MS: "20",
  HEADROOM_SIMULATE_PROFILE: "server",
} as const;

/** Rules whose window a trial outlasts. */
export const TRIAL_RULES: RuleOptions = {
  ...DEFAULT_RULE_OPTIONS,
  pace: { windowSeconds: 6, patienceSeconds: { warning: 9, critical: 8 }, returnSeconds: 8 },
};
export const TRIAL_INTERVAL_SECONDS = 0.5;

const LOOK_MS = 50;

/** A load in segments while something happens to the fleet; what it saw to its end. */
export async function underLoad<T>(
  name: string,
  fleet: Fleet,
  { session, tools, segments }: Trial,
  profile: ProfileName,
  happens: () => Promise<T>,
): Promise<{ readonly load: LoadSeen; readonly result: T }> {
  const stop = new AbortController();
  const load = putSegmentedLoad({
    ...{ k6: tools.k6, profile, segments, name, target: fleet.door, folder: session.folder },
    seconds: 600,
    // None that an earlier load has left in the cache.
    firstMessage: firstMessageAt(Date.now()),
    signal: AbortSignal.any([session.signal, stop.signal]),
  });
  load.catch(() => undefined);
  try {
    await Promise.race([load, begun(fleet)]);
    const result = await happens();
    stop.abort();
    return { load: await load, result };
  } finally {
    stop.abort();
  }
}

/** Until requests arrive: k6 takes some seconds to begin on a busy machine. */
async function begun(fleet: Fleet): Promise<void> {
  const requests = async () =>
    [...(await fleet.served()).values()].map((served) => served.requests);
  const before = String(await requests());
  while (String(await requests()) === before) await sleep(LOOK_MS);
}

/** What clients of a load may not have seen. */
export function lossesOf({ answers, errors, lost, away }: LoadSeen): readonly string[] {
  return [
    ...(answers === 0 ? ["the load got no answer"] : []),
    ...(lost > 0 ? [`${lost} requests of the load were taken and not answered`] : []),
    ...(away > 0 ? [`${away} requests of the load were not even taken`] : []),
    ...Object.entries(errors).map(
      ([status, count]) => `${count} answers of the load were ${status}`,
    ),
  ];
}
