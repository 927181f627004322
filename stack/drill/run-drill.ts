import { closeIncident } from "@headroom/incidents/records/by-hand";
import type { Session } from "../session.ts";
import { DrillStack, type DrillTools } from "./drill-stack.ts";
import type { Drill } from "./drills.ts";
import { problemsOf } from "./judge.ts";
import type { Sight } from "./look.ts";
import { Missed, Watch } from "./watch.ts";

/** What happens in a drill; a process of incidents that is down is told after the fault ended. */
export const STEPS = [
  "pending",
  "firing",
  "notified",
  "incident",
  "ended",
  "resolved",
  "closed",
] as const;

/** See {@link STEPS}. */
export type Step = (typeof STEPS)[number];

/** How a drill went. */
export interface DrillResult {
  readonly alert: string;
  readonly fault: string;
  /** Seconds from the fault to each step that was reached. */
  readonly seconds: Readonly<Partial<Record<Step, number>>>;
  /** What did not happen, or should not have; empty when the drill passed. */
  readonly problems: readonly string[];
}

/** For every step, on a machine that has other work; each takes seconds. */
const PATIENCE_SECONDS = 60;

/**
 * Breaks one limit and watches what follows, from the pending alert to the closed incident.
 *
 * @throws Error when a part does not start, or the signal's reason
 */
export async function runDrill(
  drill: Drill,
  session: Session,
  tools: DrillTools,
): Promise<DrillResult> {
  const stack = await DrillStack.start(session, tools, drill.fault.setup ?? {});
  const watch = new Watch(stack, session.signal);
  const seconds: Partial<Record<Step, number>> = {};
  try {
    const missed = await follow(drill, stack, watch, seconds).then(() => [], missedStep);
    const problems = [...missed, ...(await problemsOf(drill, stack, watch.fired))];
    return { alert: drill.alert, fault: drill.fault.what, seconds, problems };
  } finally {
    await stack.stop();
  }
}

function missedStep(error: unknown): string[] {
  if (error instanceof Missed) return [error.message];
  throw error;
}

/**
 * Notes each step when it is reached.
 *
 * @throws Missed when a step does not come
 */
async function follow(
  drill: Drill,
  stack: DrillStack,
  watch: Watch,
  seconds: Partial<Record<Step, number>>,
): Promise<void> {
  const { alert, fault, takesSeconds = 0 } = drill;
  await watch.untilQuiet(PATIENCE_SECONDS);
  const start = performance.now();
  const note = (step: Step) => (seconds[step] = (performance.now() - start) / 1000);
  const reach = async (step: Step, holds: (sight: Sight) => boolean) => {
    await watch.until(step, PATIENCE_SECONDS + takesSeconds, holds);
    note(step);
  };
  const told = async () => {
    await reach("notified", ({ notified }) => notified > 0);
    await reach("incident", ({ incidents }) => incidents.length > 0);
  };
  const mend = await fault.inject(stack);
  await reach("pending", ({ alerts }) => alerts.has(alert));
  await reach("firing", ({ alerts }) => alerts.get(alert) === "firing");
  if (!drill.told) await told();
  await mend();
  note("ended");
  if (drill.told === "afterwards") await told();
  await reach("resolved", ({ alerts, incidents }) => {
    return !alerts.has(alert) && incidents.every(({ status }) => status === "resolved");
  });
  for (const id of (await stack.incidents.list()).keys()) {
    await closeIncident(stack.incidents, id);
    note("closed");
  }
}
