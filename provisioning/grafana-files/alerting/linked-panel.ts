import type { AlertAnnotations } from "@headroom/alerts/rules/group";
import type { NamedDashboard } from "../headroom-dashboard.ts";
import type { Runbook } from "../runbooks.ts";

/** A panel, by the names that Grafana's rules use. */
export interface LinkedPanel {
  readonly dashboardUid: string;
  readonly panelId: number;
}

/**
 * The panel that an alert belongs to: on the dashboard that its text names, the one that links its
 * runbook and the fewest others.
 *
 * @throws Error when there is no such dashboard, or none of its panels links the runbook
 */
export function linkedPanel(
  annotations: AlertAnnotations,
  dashboards: readonly NamedDashboard[],
  runbooks: readonly Runbook[],
): LinkedPanel {
  const { dashboard_url: address, runbook_url: runbook } = annotations;
  const dashboard = dashboards.find(({ uid }) => /\/d\/([\w-]+)/.exec(address)?.[1] === uid);
  if (!dashboard) throw new Error(`an alert names a dashboard that does not exist: ${address}`);
  const linking = (dashboard.panels ?? [])
    .map((panel) => ({ panel, text: JSON.stringify(panel) }))
    .filter(({ text }) => text.includes(`"${runbook}"`))
    .map(({ panel, text }) => ({
      id: panel.id,
      links: runbooks.filter(({ url }) => text.includes(`"${url}"`)).length,
    }));
  const [closest] = linking.sort((a, b) => a.links - b.links);
  if (closest?.id === undefined) {
    throw new Error(`no panel of ${dashboard.uid} links the runbook ${runbook}`);
  }
  return { dashboardUid: dashboard.uid, panelId: closest.id };
}
