import type { FieldConfigSource } from "@grafana/data";

/** The dashboards that the server has, and what it knows of Prometheus. */
export interface DashboardList {
  readonly dashboards: readonly { readonly uid: string; readonly title: string }[];
  readonly scrapeIntervalSeconds: number;
}

/** A dashboard of Grafana's schema v1, as far as the preview reads it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly timezone?: string;
  readonly time?: { readonly from: string; readonly to: string };
  /** Like `5s`; empty when the dashboard does not refresh by itself. */
  readonly refresh?: string;
  readonly timepicker?: { readonly refresh_intervals?: readonly string[] };
  readonly panels?: readonly Panel[];
  readonly templating?: { readonly list?: readonly StoredVariable[] };
  readonly annotations?: { readonly list?: readonly StoredAnnotation[] };
}

/** A panel. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  /** Markdown. */
  readonly description?: string;
  readonly gridPos: GridPosition;
  readonly targets?: readonly Target[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: Partial<FieldConfigSource>;
  readonly links?: readonly Link[];
}

/** Place on the grid: 24 columns, rows of 30 px, gaps of 8 px. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A query of the Prometheus data source. */
export interface Target {
  readonly refId: string;
  readonly expr: string;
  /** Whether it asks for the end of the time range only. */
  readonly instant?: boolean;
  /** `table` for one frame with a column for each label. */
  readonly format?: string;
  /** With labels, like `{{instance}}`. */
  readonly legendFormat?: string;
}

/** A link of a panel. */
export interface Link {
  readonly title: string;
  readonly url: string;
  readonly targetBlank?: boolean;
}

/** A query of the Prometheus data source whose answer is marked on every graph, as Grafana reads it. */
export interface StoredAnnotation {
  readonly name: string;
  readonly enable: boolean;
  /** One of Grafana's colour names. */
  readonly iconColor: string;
  readonly expr: string;
  /** Like `5s`. */
  readonly step: string;
  /** With labels, like `{{alertname}}`. */
  readonly titleFormat: string;
  /** HTML with labels; the preview takes its first link. */
  readonly textFormat?: string;
  /** Whether values are the moments that are marked, in milliseconds; else values above 0 are. */
  readonly useValueForTime?: boolean;
}

/**
 * A variable of which several values can be chosen, or all; found by `label_values(...)`. One that is found
 * by `query_result(...)` and a regular expression only fills legends.
 */
export interface StoredVariable {
  readonly name: string;
  readonly label?: string;
  readonly query: { readonly query: string };
  readonly regex?: string;
  /** What "All" stands for in a query. */
  readonly allValue?: string;
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

/** An address that goes to a page; `#` for one that would run a script or open a program. */
export function safeUrl(url: string): string {
  return /^(https?:|\/|#|\?)/i.test(url.trim()) ? url : "#";
}

/**
 * What the server answers at a path below `/api`.
 *
 * @throws Error with the server's own words
 */
export async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(`/api${path}`).catch(() => undefined);
  if (!answer) throw new Error("The preview's server does not answer; is it still running?");
  const body = (await answer.json()) as T & { readonly detail?: string };
  if (!answer.ok) throw new Error(body.detail ?? `The server answered ${answer.status}.`);
  return body;
}
