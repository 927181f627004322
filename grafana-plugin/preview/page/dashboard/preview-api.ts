import type { Dashboard } from "./schema.ts";

/** The dashboards that the server has, and what it knows of Prometheus. */
export interface DashboardList {
  readonly dashboards: readonly { readonly uid: string; readonly title: string }[];
  readonly scrapeIntervalSeconds: number;
}

/** A part of the run that is not there now. */
export interface Trouble {
  readonly part: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly why: string;
}

/**
 * What can be shown.
 *
 * @throws Error with the server's own words
 */
export function fetchDashboards(): Promise<DashboardList> {
  return get("/api/dashboards");
}

/**
 * One dashboard.
 *
 * @throws Error with the server's own words
 */
export function fetchDashboard(uid: string): Promise<Dashboard> {
  return get(`/api/dashboards/${encodeURIComponent(uid)}`);
}

/**
 * The parts of the run that are not there now.
 *
 * @throws Error with the server's own words
 */
export function fetchTroubles(): Promise<readonly Trouble[]> {
  return get("/api/troubles");
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(path).catch(() => undefined);
  if (!answer) throw new Error("The preview's server does not answer; is it still running?");
  const body = (await answer.json()) as T & { readonly detail?: string };
  if (!answer.ok) throw new Error(body.detail ?? `The server answered ${answer.status}.`);
  return body;
}
