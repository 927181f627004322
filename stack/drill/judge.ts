import type { Incident } from "@headroom/incidents/records/incident";
import type { DrillStack } from "./drill-stack.ts";
import type { Drill } from "./drills.ts";

/** What is wrong after a drill: other alerts, other incidents, or a runbook that is not there. */
export async function problemsOf(
  {
    alert,
    silences = [],
    beside = [],
    told,
  }: Pick<Drill, "alert" | "silences" | "beside" | "told">,
  stack: Pick<DrillStack, "incidents">,
  fired: ReadonlySet<string>,
): Promise<string[]> {
  const expected = [alert, ...beside, ...silences];
  const others = [...fired].filter((name) => !expected.includes(name));
  const incidents = [...(await stack.incidents.list()).values()].map(({ incident }) => incident);
  const wanted = told === "never" ? [] : [inWords([alert, ...beside])];
  const opened = incidents.map(({ alerts }) => inWords(alerts.map(({ name }) => name)));
  return [
    ...others.map((name) => `${name} fired too`),
    ...(opened.join() === wanted.join()
      ? []
      : [
          `incidents of ${opened.join(", ") || "nothing"} instead of ${wanted.join() || "nothing"}`,
        ]),
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
