import type { FieldConfigSource } from "@grafana/data";

/** A dashboard of Grafana's schema v1, as far as the preview reads it. */
export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description?: string;
  readonly timezone?: string;
  readonly time?: { readonly from: string; readonly to: string };
  /** Like `5s`; false or empty when the dashboard does not refresh by itself. */
  readonly refresh?: string | false;
  readonly timepicker?: { readonly refresh_intervals?: readonly string[] };
  readonly panels?: readonly Panel[];
  readonly templating?: { readonly list?: readonly StoredVariable[] };
  readonly links?: readonly Link[];
  readonly annotations?: { readonly list?: readonly StoredAnnotation[] };
}

/** A panel, or the row that the panels below it belong to. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly transparent?: boolean;
  readonly gridPos?: GridPosition;
  readonly targets?: readonly Target[];
  readonly options?: Record<string, unknown>;
  readonly fieldConfig?: Partial<FieldConfigSource>;
  readonly pluginVersion?: string;
  readonly links?: readonly Link[];
  /** The smallest step of its queries, like `10s`. */
  readonly interval?: string | null;
  readonly maxDataPoints?: number | null;
  /** Of a row: whether its panels are hidden and stored in it. */
  readonly collapsed?: boolean;
  readonly panels?: readonly Panel[];
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
  readonly expr?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: "time_series" | "table" | "heatmap";
  readonly legendFormat?: string;
  /** Smallest step, like `10s` or `$__interval`. */
  readonly interval?: string;
  readonly intervalFactor?: number;
  readonly hide?: boolean;
}

/** A link of a panel or a dashboard. */
export interface Link {
  readonly title?: string;
  readonly url?: string;
  readonly targetBlank?: boolean;
  readonly type?: string;
  readonly tooltip?: string;
}

/** A query of the Prometheus data source whose answer is marked on every graph. */
export interface StoredAnnotation {
  readonly name: string;
  readonly enable?: boolean;
  readonly iconColor?: string;
  readonly expr?: string;
  /** Like `5s`. */
  readonly step?: string;
  /** With labels, like `{{alertname}}`. */
  readonly titleFormat?: string;
}

/** A variable as the dashboard stores it. */
export interface StoredVariable {
  readonly name: string;
  readonly label?: string | null;
  readonly type: string;
  readonly query?: string | { readonly query?: string };
  readonly definition?: string;
  readonly regex?: string;
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
  /** 0 unsorted, 1 and 2 alphabetical, 3 and 4 numerical, 5 and 6 without case; even ones fall. */
  readonly sort?: number;
  /** 2 hides the variable. */
  readonly hide?: number;
  readonly current?: {
    readonly text?: string | readonly string[];
    readonly value?: string | readonly string[];
  };
  readonly options?: readonly { readonly text: string; readonly value: string }[];
}
