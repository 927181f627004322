import type { Dashboard } from "./schema.ts";

/** The dashboards that the server has, and what it knows of Prometheus. */
export interface DashboardList {
  readonly dashboards: readonly { readonly uid: string; readonly title: string }[];
  readonly scrapeIntervalSeconds: number;
}

/** A part of the run that is, or was, not there. */
export interface Trouble {
  readonly part: string;
  /** Milliseconds since 1970, as `until`. */
  readonly since: number;
  /** When it was back; absent while it is not. */
  readonly until?: number;
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
 * The last trouble of each part of the run that had one.
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
