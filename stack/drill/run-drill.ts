import { closeIncident } from "@headroom/incidents/records/by-hand";
import type { Incident } from "@headroom/incidents/records/incident";
import type { Session } from "../session.ts";
import { DrillStack, type DrillTools } from "./drill-stack.ts";
import type { Drill } from "./drills.ts";
import type { DrillResult, Step } from "./report.ts";
import { Missed, type Sight, Watch } from "./watch.ts";

/** For every step, on a machine that has other work; each takes seconds. */
const PATIENCE_SECONDS = 60;

/**
 * Breaks one limit and watches what follows, from the pending alert to the closed incident.
 *
 * @throws Error when a service does not start, or the signal's reason
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
  const { alert, fault, beside = [], takesSeconds = 0 } = drill;
  await watch.untilQuiet(PATIENCE_SECONDS);
  const start = performance.now();
  const note = (step: Step) => (seconds[step] = (performance.now() - start) / 1000);
  const reach = async (step: Step, holds: (sight: Sight) => boolean) => {
    await watch.until(step, PATIENCE_SECONDS + takesSeconds, holds);
    note(step);
  };
  const told = async () => {
    await reach("notified", ({ notified }) => notified > 0);
    await reach("incident", ({ incidents }) => {
      const names = incidents.flatMap(({ alerts }) => alerts.map(({ name }) => name));
      return [alert, ...beside].every((name) => names.includes(name));
    });
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

/** What is wrong after a drill: other alerts, other incidents, or a runbook that is not there. */
export async function problemsOf(
  { alert, silences = [], beside = [], told }: Omit<Drill, "fault">,
  stack: Pick<DrillStack, "incidents">,
  fired: ReadonlySet<string>,
): Promise<string[]> {
  const expected = [alert, ...beside, ...silences];
  const others = [...fired].filter((name) => !expected.includes(name));
  const incidents = [...(await stack.incidents.list()).values()].map(({ incident }) => incident);
  const wanted = told === "never" ? [] : [inWords([alert, ...beside])];
  const opened = incidents.map(({ alerts }) => inWords(alerts.map(({ name }) => name)));
  const difference = `incidents of ${opened.join(", ") || "nothing"} instead of ${wanted.join() || "nothing"}`;
  return [
    ...others.map((name) => `${name} fired too`),
    ...(opened.join() === wanted.join() ? [] : [difference]),
    ...(await Promise.all(incidents.map(runbookProblem))).flat(),
  ];
}

/** The alerts of one incident, whichever came first; the same one may come again. */
function inWords(alerts: readonly string[]): string {
  return [...new Set(alerts)].sort().join(" and ");
}

/** The link that a person would follow. */
async function runbookProblem({ id, alert, links }: Incident): Promise<string[]> {
  const link = links["Runbook"];
  if (link === undefined) return [`${id} links no runbook`];
  const answer = await fetch(link).catch((error: Error) => error);
  if (answer instanceof Error) return [`${link} does not answer: ${answer.message}`];
  const text = await answer.text();
  return answer.ok && text.includes(alert) ? [] : [`${link} is not the runbook of ${alert}`];
}
